import type { PageTrack } from '@erato/contracts/content/page';
import { markup, Markup } from '@erato/platform/html/markup';
import { clip } from './clip.js';
import { clockOf, isoDuration } from './duration.js';
import { addressOf } from './entry.js';

/** What a list takes around its items, in bytes. */
const frame = 80;

/** An album's tracks in as many lists as it takes, each with the discs that it names. */
export function trackLists(tracks: readonly PageTrack[], bytes: number): Markup[] {
  const discs = new Set(tracks.map(({ discNumber }) => discNumber));
  return inParts(tracks, bytes - 2 * frame).map((part) => {
    const own = [...new Set(part.map(({ discNumber }) => discNumber))];
    const lists = own.map((disc) => {
      const items = part.filter(({ discNumber }) => discNumber === disc).map(itemOf);
      return markup`${discs.size > 1 ? markup`<h3>Disc ${disc}</h3>` : null}<ol class="tracks">${items}</ol>`;
    });
    return markup`<section class="list" aria-labelledby="tracks"><h2 id="tracks">Tracks</h2>${lists}</section>`;
  });
}

function inParts(tracks: readonly PageTrack[], bytes: number): PageTrack[][] {
  const parts: PageTrack[][] = [];
  let left = 0;
  for (const track of tracks) {
    const before = parts.at(-1)?.at(-1);
    const size =
      Buffer.byteLength(itemOf(track).text) + (before?.discNumber === track.discNumber ? 0 : frame);
    if (size > left || !before) {
      parts.push([]);
      left = bytes;
    }
    left -= size;
    parts.at(-1)?.push(track);
  }
  return parts;
}

const itemOf = ({ trackNumber, title, duration, shortId }: PageTrack): Markup => markup`<li>
  <span>${trackNumber}</span>
  <a href="${addressOf(shortId)}" dir="auto">${clip(title, 400)}</a>
  <time datetime="${isoDuration(duration)}">${clockOf(duration)}</time>
</li>`;
