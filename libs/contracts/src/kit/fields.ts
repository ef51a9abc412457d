import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import type { MessageClass } from './call.js';

/**
 * The fields of messages: each is a bundle of class-validator's decorators, whose metadata become the JSON Schema
 * (schema.ts). What class-validator has no decorator for (null apart from absent, the class of a list's items)
 * is kept beside it in {@link fieldNotes}.
 */
interface FieldNote {
  nullable?: boolean;
  /** A function, since classes may refer to each other. */
  item?: () => MessageClass<unknown>;
  map?: boolean;
  texts?: TextMapBounds;
  maxBytes?: number;
  format?: 'date';
  example?: unknown;
}

/** The bounds of an object whose keys are names and whose values are texts. */
interface TextMapBounds {
  readonly max: number;
  readonly name: RegExp;
  readonly length: number;
  readonly pattern?: RegExp;
  /** Whether a value may be null: in a merge patch it removes the key. */
  readonly nulls?: boolean;
}

const notes = new WeakMap<object, Map<string, FieldNote>>();

function note(target: object, key: string | symbol, facts: FieldNote): void {
  const own = notes.get(target) ?? new Map<string, FieldNote>();
  notes.set(target, own.set(String(key), { ...own.get(String(key)), ...facts }));
}

/** What {@link note} kept for a field, those of parent classes included. */
export function fieldNotes(type: MessageClass<unknown>, key: string): FieldNote {
  let found: FieldNote = {};
  for (
    let at: object | null = type.prototype as object;
    at;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    found = { ...notes.get(at)?.get(key), ...found };
  }
  return found;
}

const all =
  (...decorators: PropertyDecorator[]): PropertyDecorator =>
  (target, key) => {
    for (const decorate of decorators) decorate(target, key);
  };

/** May be absent. Absent and null are different things: see {@link Nullable}. */
export const Optional = (): PropertyDecorator => IsOptional();

/** May be null. */
export const Nullable = (): PropertyDecorator => (target, key) => note(target, key, { nullable: true });

/** Shown in the reference. */
export const Example =
  (example: unknown): PropertyDecorator =>
  (target, key) =>
    note(target, key, { example });

/** A UUID, of version 7 where Erato made it. */
export const Id = (): PropertyDecorator => IsUUID();

/** A text of `min` (0) to `max` Unicode code points, held to an anchored pattern where one is given. */
export const Text = (bounds: { min?: number; max: number; pattern?: RegExp }): PropertyDecorator =>
  all(IsString(), Length(bounds.min ?? 0, bounds.max), ...(bounds.pattern ? [Matches(bounds.pattern)] : []));

/** One of a closed list of words. */
export const OneOf = (words: readonly string[]): PropertyDecorator => IsIn(words);

export const Flag = (): PropertyDecorator => IsBoolean();

/** A whole number within bounds. */
export const Whole = (bounds: { min?: number; max?: number } = {}): PropertyDecorator =>
  all(IsInt(), Min(bounds.min ?? 0), Max(bounds.max ?? Number.MAX_SAFE_INTEGER));

/** RFC 3339 in UTC with milliseconds in answers; any RFC 3339 offset is taken in requests. */
export const Timestamp = (): PropertyDecorator => IsISO8601({ strict: true, strictSeparator: true });

/** A day of the calendar, `YYYY-MM-DD`, from the year 1. */
export const Day = (): PropertyDecorator =>
  all(IsString(), Matches(/^(?!0000)\d{4}-\d{2}-\d{2}$/), (target, key) =>
    note(target, key, { format: 'date' }),
  );

export const Email = (): PropertyDecorator => all(IsEmail(), Length(3, 254));

/** An absolute https address without credentials in it, at most 2,048 characters. */
export const HttpsUrl = (): PropertyDecorator =>
  Text({ min: 9, max: 2048, pattern: /^https:\/\/[^\s/@?#\\]+(?:[/?#][^\s\\]*)?$/ });

/** An object of another message class. */
export const Nested = (item: () => MessageClass<unknown>): PropertyDecorator =>
  all(ValidateNested(), (target, key) => note(target, key, { item }));

/** A list of objects of another message class. */
export const ListOf = (
  item: () => MessageClass<unknown>,
  bounds: { min?: number; max: number },
): PropertyDecorator =>
  all(
    IsArray(),
    ArrayMinSize(bounds.min ?? 0),
    ArrayMaxSize(bounds.max),
    ValidateNested({ each: true }),
    (target, key) => note(target, key, { item }),
  );

/** A list of texts, each once. */
export const TextList = (bounds: { max: number; length: number; pattern?: RegExp }): PropertyDecorator =>
  all(
    IsArray(),
    ArrayMaxSize(bounds.max),
    ArrayUnique(),
    IsString({ each: true }),
    Length(1, bounds.length, { each: true }),
    ...(bounds.pattern ? [Matches(bounds.pattern, { each: true })] : []),
  );

/** A list of words of a closed list, each once; in a query string a comma separates them. */
export const WordList = (words: readonly string[]): PropertyDecorator =>
  all(IsArray(), ArrayMinSize(1), ArrayMaxSize(words.length), ArrayUnique(), IsIn(words, { each: true }));

/** An object with free keys whose values are of another message class. */
export const MapOf = (item: () => MessageClass<unknown>): PropertyDecorator =>
  all(IsObject(), (target, key) => note(target, key, { item, map: true }));

/** An object of at most `max` texts under names of a pattern. */
export const TextMap = (bounds: TextMapBounds): PropertyDecorator =>
  all(IsObject(), (target, key) => note(target, key, { texts: bounds }));

/** Free JSON, an object of at most `maxBytes` when written out. */
export const JsonObject = (bounds: { maxBytes: number }): PropertyDecorator =>
  all(IsObject(), (target, key) => note(target, key, { maxBytes: bounds.maxBytes }));
