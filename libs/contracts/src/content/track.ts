import { calls, command, nothing, one, query, whole } from '../kit/call.js';
import { failure, notFound, permissionDenied, preconditionFailed } from '../kit/failure.js';
import { Id, ListOf, Optional, Text, Whole } from '../kit/fields.js';

/** How many songs an album has at most (content.md, Rules). */
export const maxTracks = 500;
/** The greatest number of a track on its disc. */
export const maxTrackNumber = 999;
/** The greatest number of a disc. */
const maxDiscNumber = 99;

/** A song on an album. A song may stand on many albums, on each once. */
export class Track {
  @Id() songId: string;
  /** From 1; no two tracks of a disc have the same. */
  @Whole({ min: 1, max: maxTrackNumber }) trackNumber: number;
  @Whole({ min: 1, max: maxDiscNumber }) discNumber: number;
  /** The song's. */
  @Text({ min: 1, max: 300 }) title: string;
  /** The song's, in seconds. */
  @Whole() duration: number;
}

export class NewTrack {
  @Id() songId: string;
  @Whole({ min: 1, max: maxTrackNumber }) trackNumber: number;
  /** 1 when left out. */
  @Whole({ min: 1, max: maxDiscNumber }) @Optional() discNumber?: number;
}

export class TracksOf {
  @Id() id: string;
}

export class SetTracks {
  @Id() id: string;
  /** All tracks; a song that is not named leaves the album. */
  @ListOf(() => NewTrack, { max: maxTracks }) tracks: NewTrack[];
}

export class AddTrack {
  @Id() id: string;
  @Id() songId: string;
  /** Behind the last of its disc when left out. */
  @Whole({ min: 1, max: maxTrackNumber }) @Optional() trackNumber?: number;
  /** 1 when left out. */
  @Whole({ min: 1, max: maxDiscNumber }) @Optional() discNumber?: number;
}

export class MoveTrack extends NewTrack {
  @Id() id: string;
}

export class TrackOf {
  @Id() id: string;
  @Id() songId: string;
}

export const trackExists = failure('conflict', 'track_exists', 'The song stands on the album already.');
export const trackTaken = failure('conflict', 'track_taken', 'Another track of the disc has this number.');
export const tooManyTracks = failure('conflict', 'too_many_tracks', 'There are 500 tracks already.');

const id = '0197c1f1-3b4c-7d5e-9f60-718293a4b5c6';
const songId = '0197c1f1-3b4c-7d5e-9f60-829304b5c6d7';
const given = { songId, trackNumber: 1, discNumber: 1 };
const shown = { ...given, title: 'Northbound', duration: 214 };
const fails = [notFound, permissionDenied, preconditionFailed];

/** An album's songs. Writing needs `update` on the album and `read` on each song that is named. */
export const tracks = calls('content.track', {
  list: query({
    http: 'GET /resources/{id}/tracks',
    scope: 'resources:read',
    guest: true,
    request: TracksOf,
    reply: whole(Track),
    fails: [notFound],
    summary: 'The songs of an album, by disc and number.',
    description: 'A song that the caller may not read is left out.',
    example: { request: { id }, reply: [shown] },
  }),
  set: command({
    http: 'PUT /resources/{id}/tracks',
    scope: 'resources:write',
    request: SetTracks,
    reply: whole(Track),
    fails,
    summary: 'Sets all tracks of an album.',
    description: 'Needs `update` on the album and `read` on each song. At most 500.',
    example: { request: { id, tracks: [given] }, reply: [shown] },
  }),
  add: command({
    http: 'POST /resources/{id}/tracks',
    creates: '/resources/{id}/tracks',
    scope: 'resources:write',
    request: AddTrack,
    reply: one(Track),
    fails: [...fails, trackExists, trackTaken, tooManyTracks],
    summary: 'Puts a song on an album.',
    description: 'Needs `update` on the album and `read` on the song. The other tracks keep their numbers.',
    example: { request: { id, songId }, reply: shown },
  }),
  move: command({
    http: 'PUT /resources/{id}/tracks/{songId}',
    scope: 'resources:write',
    request: MoveTrack,
    reply: one(Track),
    fails: [...fails, trackTaken],
    summary: 'Gives a track another number.',
    description: 'Needs `update` on the album and `read` on the song. The other tracks keep their numbers.',
    example: { request: { id, ...given }, reply: shown },
  }),
  remove: command({
    http: 'DELETE /resources/{id}/tracks/{songId}',
    scope: 'resources:write',
    request: TrackOf,
    reply: nothing,
    fails,
    summary: 'Takes a song from an album; the other tracks keep their numbers.',
    description: 'Needs `update` on the album.',
    example: { request: { id, songId } },
  }),
});
