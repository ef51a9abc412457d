import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SseReader } from './sse.js';

const text = [
  'retry: 2000\n\n',
  'id: 1\nevent: open\ndata: {"topics":[]}\n\n',
  ': still here\n\n',
  'id: 2\r\ndata: one\r\ndata: two\r\n\r\n',
  'data:bare\n\n',
  'event: nothing\n\n',
  'id: 3\ndata: last\n\n',
].join('');

const messages = [
  { id: '1', event: 'open', data: '{"topics":[]}' },
  { id: '2', event: 'message', data: 'one\ntwo' },
  { id: '2', event: 'message', data: 'bare' },
  { id: '3', event: 'message', data: 'last' },
];

describe('a stream of events', () => {
  it('is read the same in whatever pieces it comes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        const reader = new SseReader();
        const read = places.slice(1).flatMap((to, at) => reader.read(text.slice(places[at], to)));
        expect(read).toEqual(messages);
      }),
    );
  });

  it('has no message before its end', () => {
    const reader = new SseReader();
    expect(reader.read('id: 1\ndata: half\n')).toEqual([]);
    expect(reader.read('\n')).toEqual([{ id: '1', event: 'message', data: 'half' }]);
  });
});
