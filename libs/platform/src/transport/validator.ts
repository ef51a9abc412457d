import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { MessageClass } from '@erato/contracts/kit/call';
import { invalid, invalidField, type FieldError } from '@erato/contracts/kit/failure';
import { schemaOf } from '@erato/contracts/kit/schema';

/** Throws `invalid` with every wrong field, or passes. */
export type Validator = (input: unknown) => void;

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true });
addFormats.default(ajv, ['email', 'date-time', 'date']);
// NOTE: the formats' own takes `urn:uuid:` and capitals too, which Postgres or a comparison of ids would not know.
ajv.addFormat('uuid', /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
ajv.addKeyword({
  keyword: 'maxBytes',
  type: 'object',
  schemaType: 'number',
  validate: (bound: number, value: object) => Buffer.byteLength(JSON.stringify(value)) <= bound,
});

const compiled = new WeakMap<MessageClass<unknown>, Validator>();

/** The validator of a message class, compiled once from its schema. */
export function validatorFor(type: MessageClass<unknown>): Validator {
  const known = compiled.get(type);
  if (known) return known;
  const check = ajv.compile(schemaOf(type));
  const validator: Validator = (input) => {
    if (!check(input)) throw invalid({ errors: toFieldErrors(check.errors ?? []) });
    const path = unstorable(input);
    if (path) throw invalidField(path.slice(0, 200), 'malformed', 'holds a character that no text may hold');
  };
  compiled.set(type, validator);
  return validator;
}

const storable = (text: string): boolean => !/[\0\p{Surrogate}]/u.test(text);

/** Where a NUL or half a surrogate pair stands, in a text or a key: Postgres takes neither. Empty where there is none. */
function unstorable(value: unknown): string {
  if (typeof value === 'string') return storable(value) ? '' : 'value';
  if (typeof value !== 'object' || value === null) return '';
  for (const [key, part] of Object.entries(value)) {
    if (!storable(key)) return key;
    const inner = unstorable(part);
    if (inner) return typeof part === 'string' ? key : `${key}.${inner}`;
  }
  return '';
}

/** The stable code of each kind of wrong field; part of the API. */
const codes: Readonly<Record<string, string>> = {
  required: 'required',
  additionalProperties: 'unknown_field',
  type: 'wrong_type',
  enum: 'not_allowed',
  format: 'malformed',
  pattern: 'malformed',
  minLength: 'too_short',
  maxLength: 'too_long',
  minimum: 'too_small',
  maximum: 'too_large',
  minItems: 'too_few',
  maxItems: 'too_many',
  uniqueItems: 'duplicate',
  maxBytes: 'too_large',
};

/** Every code that a schema's rules give a field; those of one domain's own rules come beside them. */
export const fieldCodes: readonly string[] = [...new Set(Object.values(codes))].sort();

function toFieldErrors(errors: readonly ErrorObject[]): FieldError[] {
  return errors
    .filter((error) => error.keyword !== 'anyOf')
    .slice(0, 50)
    .map((error) => {
      const at = error.instancePath.slice(1).replaceAll('/', '.');
      const params = error.params as {
        missingProperty?: string;
        additionalProperty?: string;
        allowedValues?: unknown[];
      };
      const inner = params.missingProperty ?? params.additionalProperty;
      const path = [at, inner].filter(Boolean).join('.').slice(0, 200);
      const allowed = params.allowedValues ? `: ${params.allowedValues.join(', ')}` : '';
      const message =
        error.keyword === 'additionalProperties'
          ? 'is not known here'
          : (error.message ?? 'is wrong') + allowed;
      return { path, code: codes[error.keyword] ?? error.keyword, message };
    });
}
