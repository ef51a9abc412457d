import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { tables } from '@erato/contracts/catalogue';
import type { FailureType } from '@erato/contracts/kit/failure';
import { handRoutes } from '../introspection/hand-routes.js';
import { openApi } from './openapi.js';
import { problemList, problemPage } from './problem-list.js';

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly Record<string, readonly string[]>[];
  readonly requestBody?: { readonly content: Record<string, Media> };
  readonly responses: Record<string, { readonly content?: Record<string, Media> }>;
}
interface Media {
  readonly schema: object;
  readonly example?: unknown;
}
interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: object;
}

const document = openApi(tables, handRoutes, {}) as unknown as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]): [string, Operation] => [
    `${method.toUpperCase()} ${path}`,
    operation,
  ]),
);

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'openapi', components: document.components });
const compile = (schema: object) =>
  ajv.compile(
    JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openapi#/components/')) as object,
  );

describe('the OpenAPI document', () => {
  it('is one, by OpenAPI’s own schema of version 3.1', async () => {
    const { valid, errors } = await new Validator().validate(
      JSON.parse(JSON.stringify(document)) as Record<string, unknown>,
    );
    expect([valid, errors]).toEqual([true, undefined]);
  });

  it('names each operation once', () => {
    const names = operations.map(([, { operationId }]) => operationId);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it.each(operations)('%s says what it is, who may, and what it answers', (_, operation) => {
    expect(operation.operationId).toMatch(/^[a-z][\w-]*(\.[\w-]+)+$/);
    expect(operation.summary).not.toBe('');
    expect(operation.security.length).toBeGreaterThan(0);
    expect(Object.keys(operation.responses).some((status) => /^[23]/.test(status))).toBe(true);
  });

  it.each(operations)('%s has examples that fit their schemas', (_, { requestBody, responses }) => {
    const shown = [requestBody, ...Object.values(responses)].flatMap((each) =>
      Object.values(each?.content ?? {}),
    );
    for (const { schema, example } of shown) {
      if (example === undefined) continue;
      const fits = compile(schema);
      expect([fits(example), fits.errors]).toEqual([true, null]);
    }
  });
});

const isFailure = (value: unknown): value is FailureType =>
  typeof value === 'function' && 'kind' in value && 'code' in value && 'title' in value;

/** Every failure that a module of the contracts or of the gateway's own names. */
async function declared(): Promise<FailureType[]> {
  const contracts = new URL('../../../../libs/contracts/src/', import.meta.url);
  const files = readdirSync(contracts, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => new URL(file, contracts).href);
  const own = new URL('../problem/failures.ts', import.meta.url).href;
  const modules = await Promise.all([...files, own].map((file) => import(file) as Promise<object>));
  return modules.flatMap((module) => Object.values(module).filter(isFailure));
}

describe('the list of problem codes', () => {
  const listed = problemList(tables, handRoutes);

  it('has each failure that a route can answer with, in one meaning', async () => {
    const meanings = new Map<string, Set<string>>();
    for (const { code, kind } of await declared())
      meanings.set(code, (meanings.get(code) ?? new Set()).add(kind));
    expect([...meanings].filter(([, kinds]) => kinds.size > 1)).toEqual([]);
    const unknown = listed.filter(({ code }) => !meanings.has(code));
    expect(unknown).toEqual([]);
    for (const { code } of listed) expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
  });

  it('is shown to people, each code with its status and meaning', () => {
    const page = problemPage(listed);
    for (const { code, status } of listed)
      expect(page).toContain(`<tr id="${code}"><td><code>${code}</code><td>${String(status)}`);
    expect(page).toContain('<code>unknown_field</code>');
  });
});
