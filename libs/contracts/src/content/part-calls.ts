import { calls, command, one, query, type MessageClass } from '../kit/call.js';
import { notFound, permissionDenied, preconditionFailed } from '../kit/failure.js';
import { Id } from '../kit/fields.js';

/** The resource whose typed part is asked for. */
export class PartOf {
  @Id() id: string;
}

/** The calls on the typed part alone: the same for every type that has one (content.md, Routes). */
export function partCalls<Given extends PartOf, Shown>(
  noun: string,
  part: {
    /** Its last segment: `/resources/{id}/<path>`. */
    path: string;
    /** What the reference calls a resource of this type. */
    word: string;
    put: MessageClass<Given>;
    shown: MessageClass<Shown>;
    example: { given: object; shown: object };
  },
) {
  const { path, word } = part;
  const id = '0197c1f1-3b4c-7d5e-9f60-718293a4b5c6';
  const reply = { ...part.example.shown, version: 2 };
  return calls(noun, {
    get: query({
      http: `GET /resources/{id}/${path}`,
      scope: 'resources:read',
      guest: true,
      request: PartOf,
      reply: one(part.shown),
      fails: [notFound],
      summary: `The typed part of ${article(word)}.`,
      example: { request: { id }, reply },
    }),
    put: command({
      http: `PUT /resources/{id}/${path}`,
      scope: 'resources:write',
      request: part.put,
      reply: one(part.shown),
      fails: [notFound, permissionDenied, preconditionFailed],
      summary: `Sets the typed part of ${article(word)} as a whole.`,
      description: 'Needs `update`. A field that is left out is cleared.',
      example: { request: { id, ...part.example.given }, reply },
    }),
  });
}

const article = (word: string): string => (/^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`);
