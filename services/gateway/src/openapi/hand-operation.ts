import type { FailureType } from '@erato/contracts/kit/failure';
import type { JsonSchema } from '@erato/contracts/kit/schema';
import type { HandAnswer, HandRoute } from '../introspection/hand-routes.js';
import { statusOf } from '../problem/problem.js';

type Json = Record<string, unknown>;

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
    responses: { ...problemsByStatus(fails), ...Object.fromEntries(answers.map(answer)) },
    'x-erato-message': null,
    'x-erato-service': 'gateway',
  };
}

function answer({ status, description, type, schema, example }: HandAnswer): [string, Json] {
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
export function problemsByStatus(fails: readonly FailureType[]): Json {
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

const problemAnswer = (codes: ReadonlyMap<string, string>): Json => ({
  description: [...codes].map(([code, title]) => `\`${code}\`: ${title}`).join('\n\n'),
  content: { 'application/problem+json': { schema: problemWith([...codes.keys()]) } },
});
