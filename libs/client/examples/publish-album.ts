/**
 * A label publishes an album: a workspace for the artist, the songs, the album with its tracks and links, kept back from the
 * public until it is ready. Every POST has a key of its own, so that the program can be run again after any interruption
 * and makes nothing twice.
 *
 *   ERATO_URL=http://localhost:8080 ERATO_TOKEN=<key or token> node publish-album.ts
 */
import { attempt, Erato, isProblem, type NewSong } from '@erato/client';

const release = 'NL-001';
const songs: readonly { title: string; song: NewSong }[] = [
  { title: 'First Light', song: { duration: 214, genre: 'ambient', isrc: 'DE-A01-26-00001' } },
  { title: 'Ice Road', song: { duration: 187, genre: 'ambient', isrc: 'DE-A01-26-00002' } },
  { title: 'Aurora', song: { duration: 302, genre: 'ambient', isrc: 'DE-A01-26-00003' } },
];

const { ERATO_URL: url = 'http://localhost:8080', ERATO_TOKEN: credential } = process.env;
if (!credential) throw new Error('ERATO_TOKEN must be an API key, or the access token of a person');

const erato = new Erato({ url, credential });
const guest = erato.as();

const { data: workspace } = await erato.post('/v1/workspaces', {
  idempotencyKey: `${release} workspace`,
  body: { name: 'Polar Night', kind: 'artist' },
});
const authors = [{ authorType: 'workspace', authorId: workspace.id }] as const;

const songIds: string[] = [];
for (const [at, { title, song }] of songs.entries()) {
  const made = await erato.post('/v1/resources', {
    idempotencyKey: `${release} song ${String(at + 1)}`,
    body: { type: 'song', title, status: 'LISTED', song, authors: [...authors] },
  });
  songIds.push(made.data.id);
}

const { data: album } = await erato.post('/v1/resources', {
  idempotencyKey: `${release} album`,
  body: {
    type: 'album',
    title: 'Northern Lights',
    status: 'LISTED',
    album: { releaseDate: '2026-03-01' },
    authors: [...authors],
    links: [{ url: 'https://open.spotify.com/album/1' }, { url: 'https://polarnight.bandcamp.com/album/1' }],
  },
});
const path = { id: album.id };

// Nobody but the label sees it until this is taken back. Whoever `guest` is from now on, it reads what was just written.
const embargo = {
  subjectType: 'static',
  subjectId: 'guest',
  objectType: 'resource',
  objectId: album.id,
} as const;
await erato.put('/v1/permissions', {
  body: { permissions: [{ ...embargo, action: 'read', value: 'deny' }] },
});
const early = await attempt(guest.get('/v1/resources/{id}', { path }));
console.log(early.ok ? 'the embargo does not hold' : `guests read: ${early.problem.code}`);

await erato.put('/v1/resources/{id}/tracks', {
  path,
  body: { tracks: songIds.map((songId, at) => ({ songId, trackNumber: at + 1 })) },
});

// Whatever else is changed meanwhile is kept: the excerpt is made from what is there at that moment.
await erato.edit('/v1/resources/{id}', { path }, (now) => ({
  excerpt: `${now.title ?? ''}: ${String(songs.length)} songs from the north.`,
}));

await erato.put('/v1/permissions', {
  body: { permissions: [{ ...embargo, action: 'read', value: 'unset' }] },
});

const shown = await guest.get('/v1/resources/{id}', { path, query: { include: ['links', 'tracks'] } });
console.log(`${shown.data.title ?? ''} (${url}/v1/resources/${album.id})`);
for (const { trackNumber, title } of shown.data.tracks ?? [])
  console.log(`  ${String(trackNumber)} ${title}`);
for (const { name, url: address } of shown.data.links ?? []) console.log(`  ${name}: ${address}`);

// Two at a time, to show that pages are turned by themselves.
const query = { limit: 2 };
for await (const { type, title } of guest.list('/v1/workspaces/{id}/resources', { path: workspace, query })) {
  console.log(`on the profile: ${type} ${title ?? ''}`);
}

try {
  await guest.delete('/v1/resources/{id}', { path });
} catch (error) {
  if (!isProblem(error, 'unauthenticated')) throw error;
  console.log('and guests only look');
}
