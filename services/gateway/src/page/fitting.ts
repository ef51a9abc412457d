import type { Document } from './document.js';

/** How large a page may be, in bytes (content.md, "Outside /v1"): under 30 KB. */
export const largestPage = 29_900;

export const sizeOf = ({ html }: Document): number => Buffer.byteLength(html);

/** Makes the page with the most room with which it is no larger than a page may be; else with the least. */
export function fitting<R>(rooms: readonly [R, ...R[]], make: (room: R) => Document): Document {
  let made = make(rooms[0]);
  for (const room of rooms.slice(1)) {
    if (sizeOf(made) <= largestPage) break;
    made = make(room);
  }
  return made;
}
