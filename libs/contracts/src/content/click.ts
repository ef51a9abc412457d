import { calls, command, one } from '../kit/call.js';
import { notFound } from '../kit/failure.js';
import { Flag, HttpsUrl, Nullable, Optional, Text, Whole } from '../kit/fields.js';
import { maxLinks } from './link.js';
import { shortIdLength, shortIdPattern } from './resource.js';

export class ClickLink {
  @Text({ min: shortIdLength, max: shortIdLength, pattern: shortIdPattern }) shortId: string;
  @Whole({ min: 1, max: maxLinks }) position: number;
  /**
   * What tells one visitor from another for a day: address and user agent, as they came. It goes into a salted digest at once
   * and is kept nowhere. Null or left out: nobody new is counted as a visitor.
   */
  @Text({ min: 1, max: 1_000 }) @Nullable() @Optional() visitor?: string | null;
  /** `false` gives the address and counts nothing: for `HEAD`, prefetches and robots. `true` when left out. */
  @Flag() @Optional() counted?: boolean;
}

export class ClickedLink {
  /** Where to redirect to. */
  @HttpsUrl() url: string;
}

/** What the gateway asks when somebody follows a link of a smart-link page; services only, decided as for a guest. */
export const clicks = calls('content.click', {
  record: command({
    scope: null,
    callers: ['gateway'],
    request: ClickLink,
    reply: one(ClickedLink),
    fails: [notFound],
    summary: 'Where the link of a resource leads; counts the click.',
    description:
      'Counts are written every half second; a crash loses at most what came within the last second.',
    example: {
      request: { shortId: 'HfKtMwXy37', position: 1, visitor: '203.0.113.9 Mozilla/5.0' },
      reply: { url: 'https://open.spotify.com/album/1' },
    },
  }),
});
