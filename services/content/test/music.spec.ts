import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { albums } from '@erato/contracts/content/album';
import { resourceDeleted, resourceUpdated } from '@erato/contracts/content/events';
import { resources, type CreateResource, type Resource } from '@erato/contracts/content/resource';
import { songs } from '@erato/contracts/content/song';
import { tracks } from '@erato/contracts/content/track';
import type { Caller } from '@erato/contracts/kit/context';
import { asService } from '@erato/testing/client';
import { settle } from '@erato/testing/settle';
import { World } from './world.js';

let world: World;
let mia: Caller;
let tom: Caller;
beforeAll(async () => {
  world = await World.start();
  mia = world.user('mia');
  tom = world.user('tom');
}, 60_000);
afterAll(() => world.close());

const make = (caller: Caller, given: Partial<CreateResource>): Promise<Resource> =>
  world.as(caller).call(resources.create, { type: 'song', status: 'LISTED', ...given });
const aSong = (caller: Caller, title: string, more: Partial<CreateResource> = {}): Promise<Resource> =>
  make(caller, { title, song: { duration: 200 }, ...more });
const anAlbum = (caller: Caller, title: string, more: Partial<CreateResource> = {}): Promise<Resource> =>
  make(caller, { type: 'album', title, ...more });
const on = async (caller: Caller | undefined, id: string) =>
  (await world.as(caller).call(tracks.list, { id })).map(
    ({ title, discNumber, trackNumber }) => `${discNumber}.${trackNumber} ${title}`,
  );
const notFound = expect.objectContaining({ code: 'not_found' });

describe('a song', () => {
  const song = {
    duration: 214,
    genre: 'Indie Pop',
    releaseDate: '2024-02-29',
    isrc: 'de-a01-25-00042',
    iswc: 'T-034.524.680-1',
    audioUrl: 'https://cdn.example.com/a.flac',
  };

  it('is made, patched and set as a whole', async () => {
    const made = await make(mia, { title: 'Northbound', song });
    const shown = { ...song, isrc: 'DEA012500042', iswc: 'T0345246801', mediaId: null, studioTrackId: null };
    expect(made).toMatchObject({ type: 'song', title: 'Northbound', excerpt: null, song: shown });
    const { id } = made;
    expect(await world.as().call(resources.get, { id })).toEqual(made);
    const patched = await world
      .as(mia)
      .call(resources.update, { id, song: { genre: null, isrc: 'GBAYE0601477' } });
    expect(patched.song).toEqual({ ...shown, genre: null, isrc: 'GBAYE0601477' });
    const part = await world.as(mia).call(songs.put, { id, duration: 0 }, { ifMatch: [2] });
    const bare = { genre: null, releaseDate: null, isrc: null, iswc: null, audioUrl: null };
    expect(part).toEqual({ duration: 0, ...bare, mediaId: null, studioTrackId: null, version: 3 });
    expect(await world.as().call(songs.get, { id })).toEqual(part);
    expect(await world.as().failure(albums.get, { id })).toEqual(notFound);
    const stale = await world.as(mia).failure(songs.put, { id, duration: 1 }, { ifMatch: [2] });
    expect(stale.code).toBe('precondition_failed');
    expect((await world.as(tom).failure(songs.put, { id, duration: 1 })).code).toBe('permission_denied');
  });

  it.each<[object, string]>([
    [{ duration: 86_401 }, 'duration'],
    [{ duration: -1 }, 'duration'],
    [{ duration: 1.5 }, 'duration'],
    [{ duration: undefined }, 'duration'],
    [{ releaseDate: '2025-02-29' }, 'releaseDate'],
    [{ releaseDate: '2025-01-01T00:00:00Z' }, 'releaseDate'],
    [{ releaseDate: '0000-01-01' }, 'releaseDate'],
    [{ isrc: 'DEA01250004' }, 'isrc'],
    [{ isrc: '12A012500042' }, 'isrc'],
    [{ iswc: 'T-034.524.680-2' }, 'iswc'],
    [{ audioUrl: 'http://cdn.example.com/a.mp3' }, 'audioUrl'],
    [{ audioUrl: 'https://a:b@example.com/a.mp3' }, 'audioUrl'],
    [{ mediaId: crypto.randomUUID() }, 'mediaId'],
    [{ studioTrackId: crypto.randomUUID() }, 'studioTrackId'],
  ])('is not made with %j', async (wrong, field) => {
    const failure = await world.as(mia).failure(resources.create, {
      type: 'song',
      title: 'No',
      song: { ...song, ...wrong },
    });
    expect([...new Set(failure.errors?.map(({ path }) => path))]).toEqual([`song.${field}`]);
  });

  it('is heard by nobody who may not read it while it is a draft', async () => {
    const draft = await aSong(mia, 'Unheard', { song, publishAt: null });
    for (const caller of [undefined, tom]) {
      expect(await world.as(caller).failure(songs.get, { id: draft.id })).toEqual(notFound);
    }
    expect((await world.as(mia).call(songs.get, { id: draft.id })).audioUrl).toBe(song.audioUrl);
  });

  it('is found by its genre, without regard to case', async () => {
    const dora = world.user('dora');
    const one = await aSong(dora, 'Dub one', { song: { duration: 1, genre: 'Dub' } });
    await aSong(dora, 'Ska two', { song: { duration: 1, genre: 'SKA ' } });
    await aSong(dora, 'None', {});
    await aSong(dora, 'Dub draft', { song: { duration: 1, genre: 'dub' }, publishAt: null });
    const sort = 'title';
    expect(await world.titles(undefined, { genre: ['dUB'], sort })).toEqual(['Dub one']);
    expect(await world.titles(dora, { genre: ['dub'], sort })).toEqual(['Dub draft', 'Dub one']);
    expect(await world.titles(undefined, { genre: ['dub', 'ska'], sort })).toEqual(['Dub one', 'Ska two']);
    expect(await world.titles(undefined, { genre: ['dub'], q: 'ska' })).toEqual([]);
    await world.as(dora).call(resources.update, { id: one.id, song: { genre: 'Ska' } });
    expect(await world.titles(undefined, { genre: ['dub'] })).toEqual([]);
    expect(await world.titles(undefined, { genre: ['ska'], sort })).toEqual(['Dub one', 'Ska two']);
  });
});

describe('an album', () => {
  it('is made with a part or without, patched and set', async () => {
    const bare = { releaseDate: null, coverArtUrl: null, upc: null };
    const made = await anAlbum(mia, 'Night Ferry');
    expect(made.album).toEqual(bare);
    const { id } = made;
    const upc = '4006381333931';
    const patched = await world.as(mia).call(resources.update, { id, album: { upc } });
    expect(patched.album).toEqual({ ...bare, upc });
    for (const wrong of ['4006381333932', '123', 'abcdefghijkl']) {
      const failure = await world.as(mia).failure(resources.update, { id, album: { upc: wrong } });
      expect(failure.errors).toEqual([expect.objectContaining({ path: 'album.upc', code: 'malformed' })]);
    }
    const set = await world.as(mia).call(albums.put, { id, coverArtUrl: 'https://cdn.example.com/c.jpg' });
    expect(set).toEqual({ ...bare, coverArtUrl: 'https://cdn.example.com/c.jpg', version: 3 });
    expect(await world.as().failure(songs.get, { id })).toEqual(notFound);
  });
});

describe('the tracks of an album', () => {
  it('are set as a whole, in discs, swapped and cleared', async () => {
    const { id } = await anAlbum(mia, 'Discs');
    const [a, b, c] = await Promise.all(['A', 'B', 'C'].map((title) => aSong(tom, title)));
    const songId = (song: Resource | undefined): string => song?.id ?? '';
    const set = await world.as(mia).call(tracks.set, {
      id,
      tracks: [
        { songId: songId(c), trackNumber: 1, discNumber: 2 },
        { songId: songId(a), trackNumber: 1 },
        { songId: songId(b), trackNumber: 5 },
      ],
    });
    expect(set[0]).toEqual({ songId: a?.id, trackNumber: 1, discNumber: 1, title: 'A', duration: 200 });
    expect(await on(undefined, id)).toEqual(['1.1 A', '1.5 B', '2.1 C']);
    const swapped = [
      { songId: songId(b), trackNumber: 1 },
      { songId: songId(a), trackNumber: 5 },
    ];
    await world.as(mia).call(tracks.set, { id, tracks: swapped }, { ifMatch: [2] });
    expect(await on(undefined, id)).toEqual(['1.1 B', '1.5 A']);
    const whole = await world.as().call(resources.get, { id, include: ['tracks'] });
    expect(whole).toMatchObject({ version: 3, tracks: [{ title: 'B' }, { title: 'A' }] });
    expect(await world.as().call(resources.get, { id: songId(a), include: ['tracks'] })).toEqual(a);
    const stale = await world.as(mia).failure(tracks.set, { id, tracks: [] }, { ifMatch: [2] });
    expect(stale.code).toBe('precondition_failed');
    await world.as(mia).call(tracks.set, { id, tracks: [] });
    expect(await on(undefined, id)).toEqual([]);
  });

  it('are set one at a time', async () => {
    const { id } = await anAlbum(mia, 'One by one');
    const [a, b] = [await aSong(mia, 'A'), await aSong(mia, 'B')];
    const added = await world.as(mia).call(tracks.add, { id, songId: a.id });
    expect(added).toMatchObject({ title: 'A', trackNumber: 1, discNumber: 1 });
    const taken = await world.as(mia).failure(tracks.add, { id, songId: b.id, trackNumber: 1 });
    expect(taken.code).toBe('track_taken');
    expect((await world.as(mia).failure(tracks.add, { id, songId: a.id })).code).toBe('track_exists');
    await world.as(mia).call(tracks.add, { id, songId: b.id });
    expect(await on(undefined, id)).toEqual(['1.1 A', '1.2 B']);
    const moved = await world.as(mia).call(tracks.move, { id, songId: a.id, trackNumber: 2, discNumber: 2 });
    expect(moved).toEqual({ songId: a.id, trackNumber: 2, discNumber: 2, title: 'A', duration: 200 });
    const clash = await world.as(mia).failure(tracks.move, { id, songId: a.id, trackNumber: 2 });
    expect(clash.code).toBe('track_taken');
    await world.as(mia).call(tracks.remove, { id, songId: b.id });
    expect(await on(undefined, id)).toEqual(['2.2 A']);
    expect(await world.as(mia).failure(tracks.remove, { id, songId: b.id })).toEqual(notFound);
    const strange = { id, songId: b.id, trackNumber: 1 };
    expect(await world.as(mia).failure(tracks.move, strange)).toEqual(notFound);
    expect((await world.as(mia).call(resources.get, { id })).version).toBe(5);
  });

  it('are refused twice, unknown, unreadable, of other types, and by who may not', async () => {
    const album = await anAlbum(mia, 'Strict');
    const { id } = album;
    const a = await aSong(mia, 'A');
    const post = await world.aPost(mia);
    const draft = await aSong(tom, 'Draft', { publishAt: null });
    const wrong: [object[], string, string][] = [
      [[{ songId: a.id }, { songId: a.id, trackNumber: 2 }], 'tracks.1.songId', 'duplicate'],
      [[{ songId: a.id }, { songId: draft.id }], 'tracks.1.trackNumber', 'duplicate'],
      [[{ songId: draft.id }], 'tracks.0.songId', 'unknown_song'],
      [[{ songId: post.id }], 'tracks.0.songId', 'unknown_song'],
      [[{ songId: id }], 'tracks.0.songId', 'unknown_song'],
      [[{ songId: crypto.randomUUID() }], 'tracks.0.songId', 'unknown_song'],
      [[{ songId: a.id, trackNumber: 0 }], 'tracks.0.trackNumber', 'too_small'],
      [Array.from({ length: 501 }, () => ({ songId: a.id })), 'tracks', 'too_many'],
    ];
    for (const [given, path, code] of wrong) {
      const named = given.map((track) => ({ trackNumber: 1, ...track }));
      const failure = await world.as(mia).failure(tracks.set, { id, tracks: named } as never);
      expect(failure.errors).toEqual([expect.objectContaining({ path, code })]);
    }
    const unknown = await world.as(mia).failure(tracks.add, { id, songId: draft.id });
    expect(unknown.errors).toEqual([expect.objectContaining({ path: 'songId', code: 'unknown_song' })]);
    for (const caller of [tom, world.user('uma')]) {
      expect((await world.as(caller).failure(tracks.set, { id, tracks: [] })).code).toBe('permission_denied');
    }
    expect(await world.as(mia).failure(tracks.set, { id: a.id, tracks: [] })).toEqual(notFound);
    expect(await world.as().failure(tracks.list, { id: a.id })).toEqual(notFound);
    const hidden = await anAlbum(mia, 'Hidden album', { publishAt: null });
    expect(await world.as(tom).failure(tracks.list, { id: hidden.id })).toEqual(notFound);
    expect(await world.as(tom).failure(tracks.add, { id: hidden.id, songId: a.id })).toEqual(notFound);
    expect(await world.as().call(resources.get, { id })).toEqual(album);
  });

  it('leave out what the reader may not read, and keep it', async () => {
    const { id } = await anAlbum(mia, 'Half open');
    const open = await aSong(mia, 'Open');
    const draft = await aSong(mia, 'Not yet', { publishAt: null });
    for (const { id: songId } of [draft, open]) await world.as(mia).call(tracks.add, { id, songId });
    expect(await on(mia, id)).toEqual(['1.1 Not yet', '1.2 Open']);
    for (const caller of [undefined, tom]) {
      expect(await on(caller, id)).toEqual(['1.2 Open']);
      const whole = await world.as(caller).call(resources.get, { id, include: ['tracks'] });
      expect(JSON.stringify(whole)).not.toContain(draft.id);
    }
    const past = new Date(Date.now() - 1_000).toISOString();
    await world.as(mia).call(resources.update, { id: draft.id, publishAt: past });
    expect(await on(undefined, id)).toEqual(['1.1 Not yet', '1.2 Open']);
  });

  it('lose a song that is deleted; the versions of its albums move, and it is told', async () => {
    const [song, other] = [await aSong(mia, 'Going'), await aSong(mia, 'Staying')];
    const made = await Promise.all(['One', 'Two'].map((title) => anAlbum(tom, title)));
    for (const { id } of made) {
      await world.as(tom).call(tracks.add, { id, songId: song.id });
      await world.as(tom).call(tracks.add, { id, songId: other.id });
    }
    const authz = await asService(world.infra, 'authz');
    const told: [string, string, number][] = [];
    authz.bus.connection.subscribe('event.content.resource.*', {
      callback: (_, message) => {
        const { data, type } = message.json<{
          data: { resourceId: string; version: number };
          type: string;
        }>();
        told.push([type, data.resourceId, data.version]);
      },
    });
    await world.as(mia).call(resources.delete, { id: song.id });
    await settle(() => told.length >= 3);
    await authz.close();
    expect(told).toHaveLength(3);
    expect(told).toContainEqual([resourceDeleted.name, song.id, 2]);
    for (const { id } of made) {
      expect(told).toContainEqual([resourceUpdated.name, id, 4]);
      expect(await on(undefined, id)).toEqual(['1.2 Staying']);
      expect((await world.as().call(resources.get, { id })).version).toBe(4);
    }
  });

  it('are whole after changes and deletions at once', async () => {
    const { id } = await anAlbum(mia, 'Busy');
    const all = await Promise.all(Array.from({ length: 12 }, (_, n) => aSong(mia, `S${n}`)));
    const forwards = all.map(({ id: songId }, at) => ({ songId, trackNumber: at + 1 }));
    const backwards = all.toReversed().map(({ id: songId }, at) => ({ songId, trackNumber: at + 1 }));
    await Promise.all([
      world.as(mia).call(tracks.set, { id, tracks: forwards }),
      world.as(mia).call(tracks.set, { id, tracks: backwards }),
    ]);
    const whole = await on(mia, id);
    const titles = all.map(({ title }, at) => `1.${at + 1} ${title}`);
    const turned = all.toReversed().map(({ title }, at) => `1.${at + 1} ${title}`);
    expect([titles, turned]).toContainEqual(whole);
    const one = await world
      .as(mia)
      .call(resources.get, { id })
      .then(({ version }) => version);
    expect(one).toBe(3);

    // Songs are deleted while the album is set again and again: what is left is what stands.
    const going = all.slice(0, 6);
    const outcomes = await Promise.allSettled([
      ...going.map((song) => world.as(mia).call(resources.delete, { id: song.id })),
      ...[forwards, backwards, forwards, backwards].map((given) =>
        world.as(mia).call(tracks.set, { id, tracks: given }),
      ),
    ]);
    expect(outcomes.slice(0, 6).map(({ status }) => status)).toEqual(going.map(() => 'fulfilled'));
    const refused = outcomes.slice(6).filter((each) => each.status === 'rejected');
    for (const each of refused) expect(each).toMatchObject({ reason: { kind: 'invalid' } });
    const left = (await on(mia, id)).map((line) => line.split(' ')[1]).sort();
    expect(left).toEqual(
      all
        .slice(6)
        .map(({ title }) => title)
        .sort(),
    );
    const again = all.slice(6).map(({ id: songId }, at) => ({ songId, trackNumber: at + 1 }));
    expect(await world.as(mia).call(tracks.set, { id, tracks: again })).toHaveLength(6);
  }, 30_000);
});
