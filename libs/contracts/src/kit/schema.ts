import { getMetadataStorage } from 'class-validator';
import type { MessageClass } from './call.js';
import { fieldNotes } from './fields.js';

/** A JSON Schema (draft 2020-12), as far as messages need it. */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  type?: string | string[];
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  propertyNames?: JsonSchema;
  maxProperties?: number;
  items?: JsonSchema;
  enum?: readonly unknown[];
  anyOf?: JsonSchema[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  maxBytes?: number;
  examples?: readonly unknown[];
  default?: unknown;
}

interface Rule {
  readonly name?: string | undefined;
  readonly type: string;
  readonly each: boolean;
  readonly constraints: readonly unknown[] | undefined;
}

const number = (value: unknown): number => Number(value);

/** class-validator's rule names and what each means as a schema. */
const meanings: Readonly<Record<string, (constraints: readonly unknown[]) => JsonSchema>> = {
  isString: () => ({ type: 'string' }),
  isUuid: () => ({ type: 'string', format: 'uuid' }),
  isEmail: () => ({ type: 'string', format: 'email' }),
  isIso8601: () => ({ type: 'string', format: 'date-time' }),
  isBoolean: () => ({ type: 'boolean' }),
  isInt: () => ({ type: 'integer' }),
  isNumber: () => ({ type: 'number' }),
  isObject: () => ({ type: 'object' }),
  isIn: ([words]) => ({ type: 'string', enum: words as readonly string[] }),
  isLength: ([min, max]) => ({ minLength: number(min), maxLength: number(max) }),
  matches: ([pattern]) => ({ pattern: (pattern as RegExp).source }),
  min: ([bound]) => ({ minimum: number(bound) }),
  max: ([bound]) => ({ maximum: number(bound) }),
};

/** Rules that speak of the list itself, not of its items. */
const listMeanings: typeof meanings = {
  isArray: () => ({ type: 'array' }),
  arrayMinSize: ([bound]) => ({ minItems: number(bound) }),
  arrayMaxSize: ([bound]) => ({ maxItems: number(bound) }),
  arrayUnique: () => ({ uniqueItems: true }),
};

function fieldSchema(type: MessageClass<unknown>, key: string, rules: readonly Rule[]): JsonSchema {
  const own: JsonSchema = {};
  const items: JsonSchema = {};
  const note = fieldNotes(type, key);
  for (const rule of rules) {
    if (rule.type === 'conditionalValidation' || rule.name === 'isOptional') continue;
    if (rule.type === 'nestedValidation') {
      if (!note.item) throw new Error(`${type.name}.${key}: name the class with @Nested or @ListOf`);
      Object.assign(rule.each ? items : own, reference(note.item()));
      continue;
    }
    const name = rule.name ?? rule.type;
    const listMeaning = listMeanings[name];
    const meaning = listMeaning ?? meanings[name];
    if (!meaning) throw new Error(`${type.name}.${key}: the rule "${name}" has no meaning as JSON Schema`);
    Object.assign(rule.each && !listMeaning ? items : own, meaning(rule.constraints ?? []));
  }
  if (own.type === 'array') own.items = items;
  if (note.map && note.item) own.additionalProperties = reference(note.item());
  if (note.texts) {
    const { max, name, length, pattern, nulls } = note.texts;
    own.maxProperties = max;
    own.propertyNames = { type: 'string', pattern: name.source };
    own.additionalProperties = {
      type: nulls ? ['string', 'null'] : 'string',
      maxLength: length,
      ...(pattern ? { pattern: pattern.source } : {}),
    };
  }
  if (note.format !== undefined) own.format = note.format;
  if (note.maxBytes !== undefined) own.maxBytes = note.maxBytes;
  if (note.example !== undefined) own.examples = [note.example];
  if (!own.type && !own.$ref) throw new Error(`${type.name}.${key}: no rule gives its type`);
  return note.nullable ? nullable(own) : own;
}

function nullable(schema: JsonSchema): JsonSchema {
  if (schema.$ref) return { anyOf: [schema, { type: 'null' }] };
  const withNull: JsonSchema = { ...schema, type: [schema.type as string, 'null'] };
  if (schema.enum) withNull.enum = [...schema.enum, null];
  return withNull;
}

const reference = (type: MessageClass<unknown>): JsonSchema => ({ $ref: `#/$defs/${type.name}` });

function objectSchema(type: MessageClass<unknown>): JsonSchema {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
  const byField = new Map<string, Rule[]>();
  for (const rule of metadata as readonly (Rule & { propertyName: string })[]) {
    byField.set(rule.propertyName, [...(byField.get(rule.propertyName) ?? []), rule]);
  }
  const schema: JsonSchema = { type: 'object', properties: {}, additionalProperties: false };
  const required: string[] = [];
  for (const [key, rules] of byField) {
    (schema.properties ??= {})[key] = fieldSchema(type, key, rules);
    if (!rules.some((rule) => rule.type === 'conditionalValidation')) required.push(key);
  }
  if (required.length > 0) schema.required = required;
  return schema;
}

function nestedIn(type: MessageClass<unknown>, found = new Map<string, MessageClass<unknown>>()) {
  const known = found.get(type.name);
  if (known === type) return found;
  if (known) throw new Error(`Two message classes are called ${type.name}`);
  found.set(type.name, type);
  const metadata = getMetadataStorage().getTargetValidationMetadatas(type, '', true, false);
  for (const { propertyName } of metadata) {
    const item = fieldNotes(type, propertyName).item;
    if (item) nestedIn(item(), found);
  }
  return found;
}

/** The schemas of a class and of every class within it, by class name; `$ref`s point to `#/$defs/<name>`. */
export function schemasOf(type: MessageClass<unknown>): Record<string, JsonSchema> {
  return Object.fromEntries([...nestedIn(type)].map(([name, each]) => [name, objectSchema(each)]));
}

/** The schema of one class, self-contained: what Ajv compiles. */
export function schemaOf(type: MessageClass<unknown>): JsonSchema {
  return { $ref: `#/$defs/${type.name}`, $defs: schemasOf(type) };
}
