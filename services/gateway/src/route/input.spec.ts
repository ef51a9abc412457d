import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '@erato/contracts/kit/failure';
import { command, calls, nothing, query } from '@erato/contracts/kit/call';
import { Flag, Id, Optional, Text, Whole, WordList } from '@erato/contracts/kit/fields';
import { depthOf, inputOf } from './input.js';
import { routesOf, type Route } from './route.js';

class ListThings {
  @Id() id: string;
  @Whole({ max: 100 }) @Optional() limit?: number;
  @Flag() @Optional() open?: boolean;
  @WordList(['a', 'b']) @Optional() include?: string[];
}

class NameThing {
  @Id() id: string;
  @Text({ max: 10 }) name: string;
}

class MoveThing {
  @Whole({ min: 1 }) position: number;
}

const things = calls('content.thing', {
  list: query({ http: 'GET /things/{id}', scope: null, request: ListThings, reply: nothing, summary: '' }),
  name: command({ http: 'PUT /things/{id}', scope: null, request: NameThing, reply: nothing, summary: '' }),
  move: command({
    http: 'DELETE /things/{position}',
    scope: null,
    request: MoveThing,
    reply: nothing,
    summary: '',
  }),
});
const [list, name] = [...routesOf(things.list), ...routesOf(things.name)] as [Route, Route];
const failing = (work: () => unknown): Failure => {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error('it did not fail');
};

describe('a call’s input', () => {
  it('reads numbers, switches and lists from the query string, and only there', () => {
    const input = inputOf(list, {
      params: { id: 'x' },
      query: { limit: '5', open: 'true', include: 'a,b' },
      body: '',
    });
    expect(JSON.parse(input)).toEqual({ id: 'x', limit: 5, open: true, include: ['a', 'b'] });
    expect(JSON.parse(inputOf(name, { params: { id: 'x' }, query: {}, body: '{"name":"5"}' }))).toEqual({
      id: 'x',
      name: '5',
    });
  });

  it('reads numbers from the path', () => {
    const [move] = routesOf(things.move);
    if (!move) throw new Error('no route');
    expect(JSON.parse(inputOf(move, { params: { position: '3' }, query: {}, body: '' }))).toEqual({
      position: 3,
    });
  });

  it('leaves what is no number as it is, for the service to refuse', () => {
    expect(JSON.parse(inputOf(list, { params: { id: 'x' }, query: { limit: 'many' }, body: '' }))).toEqual({
      id: 'x',
      limit: 'many',
    });
  });

  it.each([
    [{ params: {}, query: { nope: '1' }, body: '' }, 'unknown_parameter'],
    [{ params: {}, query: { limit: ['1', '2'] }, body: '' }, 'duplicate'],
  ])('refuses what HTTP alone can see: %j', (parts, code) => {
    expect(failing(() => inputOf(list, parts)).errors?.[0]?.code).toBe(code);
  });

  it.each(['{"id":"other","name":"n"}', '{"__proto__":{"name":"n"}}', '[]', '"text"', '{"name":', 'null'])(
    'refuses the body %s',
    (body) => {
      expect(failing(() => inputOf(name, { params: { id: 'x' }, query: {}, body })).kind).toBe('invalid');
    },
  );

  it('refuses a body that is nested too deeply', () => {
    const body = `{"name":${'['.repeat(20)}${']'.repeat(20)}}`;
    expect(failing(() => inputOf(name, { params: { id: 'x' }, query: {}, body })).kind).toBe('invalid');
  });

  it('counts depth as the parsed value has it', () => {
    const deep = (value: unknown): number =>
      typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(deep)) : 0;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) =>
        expect(depthOf(JSON.stringify(value))).toBe(deep(value)),
      ),
    );
  });
});
