import { invalidField } from '@erato/contracts/kit/failure';

/** When something is or was published. */
export interface Publication {
  readonly publishAt: Date | null;
  readonly publishedAt: Date | null;
}

/**
 * What `publishAt` means at making (content.md, Rules): left out publishes at once, `null` keeps a draft, a time in the
 * future schedules. A time that has passed publishes at once.
 */
export function publicationOf(publishAt: string | null | undefined, now: Date): Publication {
  if (publishAt === undefined) return { publishAt: null, publishedAt: now };
  if (publishAt === null) return { publishAt: null, publishedAt: null };
  const at = timeOf(publishAt);
  return at > now ? { publishAt: at, publishedAt: null } : { publishAt: at, publishedAt: now };
}

function timeOf(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw invalidField('publishAt', 'malformed', 'is no time that exists');
  return at;
}
