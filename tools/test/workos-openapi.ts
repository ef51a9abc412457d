import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const file = createRequire(import.meta.url).resolve('@workos/openapi-spec/spec');
const document = parse(readFileSync(file, 'utf8')) as Document;
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(document, 'workos');
const validators = new Map<string, ValidateFunction>();

/** Codes that WorkOS is known to answer with although its document does not list them. */
const UNLISTED = new Set(['organization_membership_already_exists', 'external_id_already_used']);

/** What the answers to requests say about WorkOS' own OpenAPI document. */
export class Conformance {
  /** Operations whose answer was checked, refusals aside, as "GET /organizations". */
  readonly seen = new Set<string>();
  readonly violations: string[] = [];

  /** Wraps fetch so that each answer of the stand-in at `url` is checked. */
  watch(fetch: typeof globalThis.fetch, url: () => string): typeof globalThis.fetch {
    return async (input, init) => {
      const response = await fetch(input, init);
      const target = new URL(input instanceof Request ? input.url : input);
      if (target.origin === url() && !target.pathname.startsWith('/_control')) {
        await this.check(init?.method ?? 'GET', target.pathname, response.clone());
      }
      return response;
    };
  }

  private async check(method: string, path: string, response: Response): Promise<void> {
    const template = templateOf(method.toLowerCase(), path);
    if (template === undefined) {
      if (response.status !== 404)
        this.violations.push(`${method} ${path} is not WorkOS', but answered ${response.status}`);
      return;
    }
    const name = `${method} ${template}`;
    const body: unknown = response.headers.get('content-type')?.includes('json')
      ? await response.json()
      : undefined;
    const listed = document.paths[template]?.[method.toLowerCase()]?.responses[response.status];
    if (listed === undefined) {
      // The document is incomplete for errors: 401 and many a 404 are not in it.
      if (response.status < 400) this.violations.push(`${name}: ${response.status} is not in the document`);
      return;
    }
    if (listed.content?.['application/json'] !== undefined) {
      const code = (body as { code?: string } | undefined)?.code ?? '';
      const validate = validatorOf(template, method.toLowerCase(), response.status);
      if (!validate(body) && !UNLISTED.has(code)) {
        this.violations.push(
          `${name} ${response.status}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(body)}`,
        );
      }
    }
    if (response.status < 400) this.seen.add(name);
  }
}

/** Why an event is not of WorkOS' shape, or undefined. */
export function wrongEvent(event: unknown): string | undefined {
  const validate = ajv.getSchema('workos#/components/schemas/EventSchema');
  if (validate === undefined) throw new Error('no EventSchema');
  return validate(event) === true ? undefined : ajv.errorsText(validate.errors);
}

function validatorOf(template: string, method: string, status: number): ValidateFunction {
  const pointer = [
    'paths',
    template,
    method,
    'responses',
    String(status),
    'content',
    'application/json',
    'schema',
  ];
  const ref = `workos#/${pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
  const known = validators.get(ref) ?? ajv.compile({ $ref: ref });
  validators.set(ref, known);
  return known;
}

function templateOf(method: string, path: string): string | undefined {
  const parts = path.split('/');
  const fits = Object.keys(document.paths).filter((template) => {
    const pattern = template.split('/');
    return (
      document.paths[template]?.[method] !== undefined &&
      pattern.length === parts.length &&
      pattern.every((part, i) => part.startsWith('{') || part === parts[i])
    );
  });
  const parameters = (template: string): number => template.split('{').length;
  return fits.sort((a, b) => parameters(a) - parameters(b))[0];
}
