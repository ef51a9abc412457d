import { invalidField } from '@erato/contracts/kit/failure';

/**
 * Reads an address beyond what its schema can say: it must parse, be https, and hold no credentials (content.md, Rules).
 * Throws `invalid` naming the field.
 */
export function httpsUrl(path: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || url.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw invalidField(path, 'malformed', 'must be an https address without credentials');
  }
  return url;
}

/** The same for fields that may be left out or null. */
export function requireHttpsUrls(fields: Readonly<Record<string, string | null | undefined>>): void {
  for (const [path, text] of Object.entries(fields)) if (text) httpsUrl(path, text);
}
