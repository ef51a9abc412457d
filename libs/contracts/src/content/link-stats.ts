import { calls, query, whole } from '../kit/call.js';
import { notFound, permissionDenied } from '../kit/failure.js';
import { Day, HttpsUrl, Id, ListOf, Optional, Text, Whole } from '../kit/fields.js';
import { maxLinks } from './link.js';

/** How many days are told of at once. */
export const mostDays = 92;

/** What came to a link on a day (UTC). */
export class DayClicks {
  @Day() day: string;
  @Whole() clicks: number;
  /** About how many different visitors there were. */
  @Whole() visitors: number;
}

/** How often a link was followed. */
export class LinkStats {
  @Id() linkId: string;
  /** Its place among the links as they are now. */
  @Whole({ min: 1, max: maxLinks }) position: number;
  @Text({ min: 1, max: 100 }) name: string;
  @HttpsUrl() url: string;
  /** On all days that were asked for. */
  @Whole() clicks: number;
  /** By day, the oldest first; days without a click are left out. */
  @ListOf(() => DayClicks, { max: mostDays }) days: DayClicks[];
}

export class LinkStatsOf {
  @Id() id: string;
  /** The first day (UTC); 29 days before the last one when left out. */
  @Day() @Optional() from?: string;
  /** The last day; today when left out. At most 92 days in all. */
  @Day() @Optional() to?: string;
}

const id = '0197c1f1-3b4c-7d5e-9f60-718293a4b5c6';

export const linkStats = calls('content.link-stats', {
  list: query({
    http: 'GET /resources/{id}/links/stats',
    alias: '/resources/{id}/urls/stats',
    scope: 'resources:read',
    request: LinkStatsOf,
    reply: whole(LinkStats),
    fails: [notFound, permissionDenied],
    summary: 'How often the links of a resource were followed, by link and day.',
    description:
      'Needs `update`. Clicks are those on the smart-link page; what comes within the last second may be missing. Visitors are estimated from a sketch that is thrown away after the day: no address is stored.',
    example: {
      request: { id, from: '2025-07-01', to: '2025-07-31' },
      reply: [
        {
          linkId: '0197c1f2-11aa-7bbb-8ccc-0123456789ab',
          position: 1,
          name: 'Spotify',
          url: 'https://open.spotify.com/artist/4Z8W4fKeB5YxbusRsdQVPb',
          clicks: 12,
          days: [{ day: '2025-07-01', clicks: 12, visitors: 9 }],
        },
      ],
    },
  }),
});
