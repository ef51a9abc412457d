import type { Resource } from '@erato/contracts/content/resource';
import type { Workspace } from '@erato/contracts/content/workspace';
import type { Api } from './api.js';

/** An artist with something of every kind, as fans see her. */
export interface Artist {
  readonly workspace: Workspace;
  readonly songs: readonly Resource[];
  readonly album: Resource;
  readonly post: Resource;
  readonly status: Resource;
}

/** Makes what a call makes, or says why it did not. */
export async function made<T>(
  api: Api,
  path: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<T> {
  const answer = await api.post<T>(path, body, { headers });
  if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  return answer.body.data;
}

const links = [
  'https://open.spotify.com/album/1',
  'https://music.apple.com/album/1',
  'https://polarnight.bandcamp.com/album/first-light',
  'https://soundcloud.com/polarnight',
  'https://www.deezer.com/album/1',
].map((url) => ({ url, ...(url.includes('bandcamp') ? { kind: 'buy' } : {}) }));

const diary = `Three weeks, **one** microphone, and a [ferry](https://ferry.example) that came when it wanted to.

# The lighthouse

It was cold. The harmonium did not mind.

| Day | Takes |
| --- | ----: |
| 1   | 12    |

![The lighthouse](https://cdn.example/lighthouse.jpg)

- [x] Northbound
- [ ] Salt
`;

const songs = [
  ['Northbound', 214],
  ['Salt', 187],
  ['The Long Dark', 301],
  ['Ferry, Unannounced', 156],
  ['First Light', 372],
] as const;

/** Makes the artist in the name of a person. */
export async function polarNight(api: Api): Promise<Artist> {
  const workspace = await made<Workspace>(api, '/v1/workspaces', {
    name: 'Polar Night',
    description:
      'Slow songs from far up north. Two sisters, a harmonium and the long dark.\n\nOn tour in February.',
    avatarUrl: 'https://cdn.example/polar-night.jpg',
    themeConfig: { colors: { primary: '#5b4bdb' } },
  });
  const of = { authors: [{ authorType: 'workspace', authorId: workspace.id }], status: 'LISTED' };
  const own = [
    { url: 'https://www.instagram.com/polarnight', name: 'Instagram', kind: 'social' },
    ...links.slice(0, 3),
  ];
  await api.put(`/v1/workspaces/${workspace.id}/links`, { links: own });
  const recorded: Resource[] = [];
  for (const [title, duration] of songs) {
    const song = { duration, genre: 'Slowcore', releaseDate: '2026-11-14', isrc: 'DE-A01-26-00042' };
    recorded.push(
      await made(api, '/v1/resources', { ...of, type: 'song', title, song, links: links.slice(0, 2) }),
    );
  }
  const post = {
    ...of,
    type: 'post',
    title: 'How we recorded a harmonium in a lighthouse',
    post: { body: diary },
  };
  const album = {
    ...{
      ...of,
      type: 'album',
      title: 'First Light',
      excerpt: 'Five songs for the months without sun.',
      links,
    },
    album: { releaseDate: '2026-11-14', coverArtUrl: 'https://cdn.example/first-light.jpg' },
  };
  const diaryMade = await made<Resource>(api, '/v1/resources', post);
  const albumMade = await made<Resource>(api, '/v1/resources', album);
  const tracks = recorded.map(({ id }, at) => ({ songId: id, trackNumber: at + 1 }));
  const set = await api.put(`/v1/resources/${albumMade.id}/tracks`, { tracks });
  if (set.status !== 200) throw new Error(JSON.stringify(set.body));
  const note = {
    type: 'status',
    excerpt: 'The record is pressed, boxed and on its way to you. We cried a little.',
    status: 'LISTED',
  };
  const status = await made<Resource>(api, '/v1/resources', note, {
    'erato-act-as': `workspace:${workspace.id}`,
  });
  return { workspace, songs: recorded, album: albumMade, post: diaryMade, status };
}
