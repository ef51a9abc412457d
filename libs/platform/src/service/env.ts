/** A reader of one variable: what it makes of the text, or throws a sentence that says what is wrong. */
export interface Variable<T> {
  readonly name: string;
  read(text: string | undefined): T;
}

/** Thrown at boot with every wrong variable named at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

function variable<T>(name: string, parse: (text: string) => T, fallback?: { value: T }): Variable<T> {
  return {
    name,
    read: (text) => {
      if (text !== undefined) return parse(text);
      if (fallback) return fallback.value;
      throw new ConfigError(`${name} is not set`);
    },
  };
}

/** A text; without a fallback it must be set. */
export const text = (name: string, fallback?: string): Variable<string> =>
  variable(name, (given) => given, fallback === undefined ? undefined : { value: fallback });

export const optional = (name: string): Variable<string | null> =>
  variable(name, (given): string | null => given, { value: null });

export const integer = (
  name: string,
  fallback: number,
  bounds: { min: number; max: number },
): Variable<number> =>
  variable(
    name,
    (given) => {
      const value = Number(given);
      if (Number.isInteger(value) && value >= bounds.min && value <= bounds.max) return value;
      throw new ConfigError(`${name} must be a whole number from ${bounds.min} to ${bounds.max}`);
    },
    { value: fallback },
  );

/** `on` or `off`. */
export const flag = (name: string, fallback: boolean): Variable<boolean> =>
  variable(
    name,
    (given) => {
      if (given === 'on' || given === 'off') return given === 'on';
      throw new ConfigError(`${name} must be on or off`);
    },
    { value: fallback },
  );

/** A key of at least 32 bytes, written in hexadecimal. */
export const hexKey = (name: string): Variable<string> =>
  variable(name, (given) => {
    if (/^[0-9a-f]{64,}$/.test(given)) return given;
    throw new ConfigError(`${name} must be at least 64 hexadecimal digits`);
  });

/** An address without path (`https://music.example`), or null. */
export const origin = (name: string): Variable<string | null> =>
  variable(
    name,
    (given): string | null => {
      const url = URL.canParse(given) ? new URL(given) : null;
      if (url && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href) return url.origin;
      throw new ConfigError(`${name} must be an address without a path, such as https://music.example`);
    },
    { value: null },
  );

/** Texts separated by commas; empty by default. */
export const list = (name: string): Variable<readonly string[]> =>
  variable(
    name,
    (given): readonly string[] =>
      given
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    { value: [] },
  );

type Read<T> = { readonly [K in keyof T]: T[K] extends Variable<infer V> ? V : never };

/** Reads the environment once at boot. An empty variable counts as unset. Throws {@link ConfigError} naming all that is wrong. */
export function readEnv<const T extends Record<string, Variable<unknown>>>(
  variables: T,
  env: NodeJS.ProcessEnv = process.env,
): Read<T> {
  const wrong: string[] = [];
  const read = Object.entries(variables).map(([key, each]) => {
    try {
      return [key, each.read(env[each.name] === '' ? undefined : env[each.name])];
    } catch (error) {
      wrong.push(error instanceof Error ? error.message : String(error));
      return [key, undefined];
    }
  });
  if (wrong.length > 0) throw new ConfigError(wrong.join('; '));
  return Object.fromEntries(read) as Read<T>;
}
