import type { FailureType } from '@erato/contracts/kit/failure';
import type { JsonSchema } from '@erato/contracts/kit/schema';
import type { HandAnswer, HandRoute } from '../introspection/hand-routes.js';
import { statusOf } from '../problem/problem.js';

type Json = Record<string, unknown>;

interface Described extends Json {
  readonly description: string;
  readonly content?: Json;
}

/** The operation of a route that is written by hand. */
export function handOperation(route: HandRoute): Json {
  const { id, scope, guest, summary, description = '', parameters = [], body, answers, fails } = route;
  const scopeLine = scope ? `Scope: \`${scope}\`.` : '';
  return {
    operationId: id,
    summary,
    description: [description, scopeLine].filter(Boolean).join('\n\n'),
    tags: [id.split('.')[0]],
    security: [...(guest ? [{}] : []), ...(guest && !scope ? [] : [{ bearer: scope ? [scope] : [] }])],
    parameters: parameters.map(({ schema = { type: 'string' }, ...parameter }) => ({ ...parameter, schema })),
    ...(body ? { requestBody: { required: true, content: { [body]: { schema: {} } } } } : {}),
    responses: together(problemsByStatus(fails), answers.map(answer)),
    'x-erato-message': null,
    'x-erato-service': 'gateway',
  };
}

/** What is answered as a page or as a problem, whichever is asked for, stands under one status. */
function together(problems: Record<string, Described>, answers: readonly [string, Described][]): Json {
  const responses = { ...problems };
  for (const [status, given] of answers) {
    const content = { ...given.content, ...problems[status]?.content };
    responses[status] = { ...given, ...(Object.keys(content).length > 0 ? { content } : {}) };
  }
  return responses;
}

function answer({ status, description, type, schema, example }: HandAnswer): [string, Described] {
  const shown = { schema: schema ?? {}, ...(example === undefined ? {} : { example }) };
  return [
    String(status),
    {
      description,
      headers: { 'X-Request-Id': { $ref: '#/components/headers/RequestId' } },
      ...(type ? { content: { [type]: shown } } : {}),
    },
  ];
}

/** The answers of what can go wrong, those of one status together. */
export function problemsByStatus(fails: readonly FailureType[]): Record<string, Described> {
  const byStatus = new Map<number, Map<string, string>>();
  for (const { kind, code, title } of fails) {
    const status = statusOf[kind];
    byStatus.set(status, (byStatus.get(status) ?? new Map<string, string>()).set(code, title));
  }
  return Object.fromEntries([...byStatus].map(([status, codes]) => [String(status), problemAnswer(codes)]));
}

/** A problem with one of these codes, so that programs can be made which know them: libs/client is one. */
const problemWith = (codes: readonly string[]): JsonSchema => ({
  $ref: '#/components/schemas/Problem',
  properties: { code: { enum: codes } },
});

const problemAnswer = (codes: ReadonlyMap<string, string>): Described => ({
  description: [...codes].map(([code, title]) => `\`${code}\`: ${title}`).join('\n\n'),
  content: { 'application/problem+json': { schema: problemWith([...codes.keys()]) } },
});
