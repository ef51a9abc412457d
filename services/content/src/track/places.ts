import {
  maxTrackNumber,
  maxTracks,
  tooManyTracks,
  trackExists,
  trackTaken,
  type AddTrack,
  type NewTrack,
} from '@erato/contracts/content/track';
import { invalidField } from '@erato/contracts/kit/failure';

/** Where a song stands on an album. */
export interface Place {
  readonly songId: string;
  readonly trackNumber: number;
  readonly discNumber: number;
}

/** The places of a whole album as they were given: each song once, each number of a disc once. */
export function placesOf(given: readonly NewTrack[]): Place[] {
  const songs = new Set<string>();
  const numbers = new Set<string>();
  return given.map(({ songId, trackNumber, discNumber = 1 }, at) => {
    const number = `${discNumber}.${trackNumber}`;
    if (songs.has(songId)) throw invalidField(`tracks.${at}.songId`, 'duplicate', 'stands on it twice');
    if (numbers.has(number)) {
      throw invalidField(`tracks.${at}.trackNumber`, 'duplicate', 'two tracks of the disc have this number');
    }
    songs.add(songId);
    numbers.add(number);
    return { songId, trackNumber, discNumber };
  });
}

/** The place of one more song: that which is named and free, or behind the last of its disc. */
export function placeOf(
  standing: readonly Place[],
  given: Pick<AddTrack, 'songId' | 'trackNumber' | 'discNumber'>,
): Place {
  const { songId, discNumber = 1 } = given;
  if (standing.some((place) => place.songId === songId)) throw trackExists();
  if (standing.length >= maxTracks) throw tooManyTracks();
  const disc = standing.filter((place) => place.discNumber === discNumber);
  const last = Math.max(0, ...disc.map(({ trackNumber }) => trackNumber));
  const trackNumber = given.trackNumber ?? last + 1;
  if (trackNumber > maxTrackNumber) throw trackTaken({ detail: 'The disc has no number left at its end.' });
  return free(standing, { songId, trackNumber, discNumber });
}

/** The place to which a song moves; null where it does not stand on the album. */
export function movedTo(standing: readonly Place[], to: Place): Place | null {
  const others = standing.filter(({ songId }) => songId !== to.songId);
  return others.length === standing.length ? null : free(others, to);
}

function free(others: readonly Place[], place: Place): Place {
  const isTaken = others.some(
    ({ trackNumber, discNumber }) => trackNumber === place.trackNumber && discNumber === place.discNumber,
  );
  if (isTaken) throw trackTaken();
  return place;
}
