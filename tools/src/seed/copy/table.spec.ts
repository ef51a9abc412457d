import { describe, expect, it } from '@jest/globals';
import { Table } from './table.js';

describe('a table', () => {
  it('writes rows as COPY reads them', () => {
    const table = new Table('songs', ['a', 'b', 'c', 'd', 'e']);
    table.add(['tab\there', 'line\nand \\', null, 7, true]);
    table.add([new Date(0), ['a"b', 'c\\d', 'e,f'], [], '', false]);
    expect(table.text()).toBe(
      [
        'tab\\there\tline\\nand \\\\\t\\N\t7\ttrue\n',
        '1970-01-01T00:00:00.000Z\t{"a\\\\"b","c\\\\\\\\d","e,f"}\t{}\t\tfalse\n',
      ].join(''),
    );
    expect(table.count).toBe(2);
  });

  it('takes no row of another form', () => {
    expect(() => new Table('songs', ['a', 'b']).add(['alone'])).toThrow('songs');
  });
});
