import { invalidParameters, type FieldError } from './api-error.js';

/**
 * Reads one value or throws `Mismatch`; undefined stands for an absent parameter. An object rather than a function,
 * because the compiler infers nothing in one go from generic calls that return functions.
 */
export interface Check<T> {
  readonly read: (value: unknown) => T;
}
/** Fields by name. */
export type Fields = Readonly<Record<string, Check<unknown>>>;
/** What a shape yields. */
export type Shaped<F extends object> = { readonly [K in keyof F]: F[K] extends Check<infer T> ? T : never };

class Mismatch extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Reads an object of exactly these fields; unknown ones are refused with the others in one 422. */
export function shape<F extends Fields>(fields: F): (input: unknown) => Shaped<F> {
  return (input) => {
    const given = isRecord(input) ? input : {};
    const errors: FieldError[] = [];
    const read: Record<string, unknown> = {};
    if (input !== undefined && !isRecord(input)) {
      errors.push({ field: '', code: 'object_required', message: 'The body must be an object.' });
    }
    for (const name of Object.keys(given)) {
      if (!Object.hasOwn(fields, name)) {
        errors.push({ field: name, code: 'unknown_parameter', message: `${name} is not a known parameter.` });
      }
    }
    for (const [name, check] of Object.entries(fields)) {
      try {
        read[name] = check.read(Object.hasOwn(given, name) ? given[name] : undefined);
      } catch (error) {
        if (!(error instanceof Mismatch)) throw error;
        errors.push({ field: name, code: `${name}_${error.code}`, message: `${name} ${error.message}.` });
      }
    }
    if (errors.length > 0) throw invalidParameters(errors);
    return read as Shaped<F>;
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function optional<T>(check: Check<T>): Check<T | undefined> {
  return { read: (value) => (value === undefined ? undefined : check.read(value)) };
}

export function nullable<T>(check: Check<T>): Check<T | null> {
  return { read: (value) => (value === null ? null : check.read(value)) };
}

/** A string of `min` (1) to `max` characters. */
export function text(max = 2000, min = 1): Check<string> {
  return {
    read: (value) => {
      if (value === undefined) throw new Mismatch('required', 'is required');
      if (typeof value !== 'string' || value.length < min) {
        throw new Mismatch('string_required', 'should be a non-empty string');
      }
      if (value.length > max) throw new Mismatch('too_long', `must not be longer than ${max} characters`);
      return value;
    },
  };
}

export const boolean: Check<boolean> = {
  read: (value) => {
    if (typeof value !== 'boolean') throw new Mismatch('boolean_required', 'must be a boolean');
    return value;
  },
};

export function oneOf<T extends string>(...values: readonly T[]): Check<T> {
  return {
    read: (value) => {
      const found = values.find((known) => known === value);
      if (found === undefined) throw new Mismatch('invalid', `must be one of ${values.join(', ')}`);
      return found;
    },
  };
}

/** A whole number; in a query it arrives as text. */
export function integer(min: number, max: number): Check<number> {
  return {
    read: (value) => {
      const number = typeof value === 'string' && /^-?\d{1,9}$/.test(value) ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isInteger(number) || number < min || number > max) {
        throw new Mismatch('out_of_range', `must be a whole number between ${min} and ${max}`);
      }
      return number;
    },
  };
}

/** A number from 0 to 1. */
export const share: Check<number> = {
  read: (value) => {
    if (typeof value !== 'number' || !(value >= 0 && value <= 1))
      throw new Mismatch('out_of_range', 'must be 0 to 1');
    return value;
  },
};

/** An address with one `@`, in lower case as WorkOS keeps it. */
export const email: Check<string> = {
  read: (value) => {
    const address = text(320).read(value);
    const [local = '', domain = '', ...rest] = address.split('@');
    const labels = domain.split('.');
    if (
      /[\s<>"]/.test(address) ||
      rest.length > 0 ||
      local === '' ||
      labels.length < 2 ||
      labels.includes('')
    ) {
      throw new Mismatch('invalid', 'must be an e-mail address');
    }
    return address.toLowerCase();
  },
};

/** A list in a body. */
export function list<T>(item: Check<T>, max = 100): Check<T[]> {
  return {
    read: (value) => {
      if (!Array.isArray(value) || value.length > max) {
        throw new Mismatch('array_required', `must be an array of at most ${max}`);
      }
      return value.map((entry: unknown) => item.read(entry));
    },
  };
}

/** A list in a query: `a,b`, or the parameter repeated. */
export function csv<T>(item: Check<T>): Check<T[]> {
  const whole = list(item);
  return {
    read: (value) => {
      const parts: unknown[] = Array.isArray(value) ? value : [value];
      return whole.read(parts.flatMap((part) => (typeof part === 'string' ? part.split(',') : [part])));
    },
  };
}

/** A point in time as ISO 8601 text; yields milliseconds. */
export const instant: Check<number> = {
  read: (value) => {
    const at = Date.parse(text(64).read(value));
    if (Number.isNaN(at)) throw new Mismatch('invalid', 'must be an ISO 8601 date');
    return at;
  },
};

/** Any JSON object; its content is checked by who uses it. */
export const record: Check<Record<string, unknown>> = {
  read: (value) => {
    if (!isRecord(value)) throw new Mismatch('object_required', 'must be an object');
    return value;
  },
};

/** An object inside a body. */
export function object<F extends Fields>(fields: F): Check<Shaped<F>> {
  const whole = shape(fields);
  return { read: (value) => whole(record.read(value)) };
}
