import { DomainDataState } from '@workos-inc/node';

/** Domains as WorkOS takes them; an administrator vouches for them. */
export const verified = (domains: readonly string[]) =>
  domains.map((domain) => ({ domain: domain.toLowerCase(), state: DomainDataState.Verified }));

/** Whether two maps hold the same, whatever their order. */
export function sameKeys(one: Readonly<Record<string, string>>, other: unknown): boolean {
  const sorted = (map: object): string => JSON.stringify(Object.entries(map).sort());
  return typeof other === 'object' && other !== null && sorted(one) === sorted(other);
}

/** Metadata of a create: a value that is null is left out. */
export const withoutNulls = (metadata: Readonly<Record<string, string | null>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(metadata).filter((entry): entry is [string, string] => entry[1] !== null),
  );
