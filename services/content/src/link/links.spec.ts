import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linkOf, replaced, withAdded, withoutOne, withSet, type KeptLink } from './links.js';

const now = new Date('2025-06-30T12:00:00.000Z');
const link = (url: string): KeptLink => linkOf({ url }, 'url', now);
const urls = (links: readonly KeptLink[]): string[] => links.map(({ url }) => url.slice('https://'.length));
const abc = ['a.example', 'b.example', 'c.example'].map((host) => link(`https://${host}`));
const added = link('https://n.example');

describe('links', () => {
  it.each([
    ['https://open.spotify.com/artist/1', 'Spotify', 'mdi:spotify'],
    ['https://music.apple.com/de/album/1', 'Apple Music', 'simple-icons:applemusic'],
    ['https://geo.music.apple.com/us/album/1', 'Apple Music', 'simple-icons:applemusic'],
    ['https://embed.music.apple.com/us/album/1', 'Apple Music', 'simple-icons:applemusic'],
    ['https://on.soundcloud.com/x', 'SoundCloud', 'mdi:soundcloud'],
    ['https://music.youtube.com/watch?v=1', 'YouTube', 'mdi:youtube'],
    ['https://youtu.be/1', 'YouTube', 'mdi:youtube'],
    ['https://nightferry.bandcamp.com/album/x', 'Bandcamp', 'simple-icons:bandcamp'],
    ['https://www.deezer.com/track/1', 'Deezer', 'simple-icons:deezer'],
    ['https://listen.tidal.com/album/1', 'Tidal', 'simple-icons:tidal'],
    ['https://music.amazon.co.uk/albums/1', 'Amazon Music', 'simple-icons:amazonmusic'],
    ['https://www.notspotify.com/x', 'notspotify.com', null],
    ['https://spotify.com.example.org/x', 'spotify.com.example.org', null],
  ])('of %s are called %s', (url, name, icon) => {
    expect(link(url)).toMatchObject({ name, icon, kind: icon ? 'stream' : 'other' });
  });

  it('keep what was given', () => {
    const given = {
      url: 'https://open.spotify.com/x',
      name: 'Hear it',
      icon: null,
      kind: 'presave' as const,
    };
    expect(linkOf(given, 'url', now)).toMatchObject({ name: 'Hear it', icon: null, kind: 'presave' });
  });

  it.each([
    'https://user:pw@example.com/',
    'http://example.com/',
    'https://',
    'https://exa mple.com',
    'javascript:1',
  ])('do not lead to %s', (url) => {
    expect(() => link(url)).toThrow('The request has missing or wrong fields.');
  });

  it('are put where they are wanted', () => {
    expect(urls(withAdded(abc, added))).toEqual(['a.example', 'b.example', 'c.example', 'n.example']);
    expect(urls(withAdded(abc, added, 2))).toEqual(['a.example', 'n.example', 'b.example', 'c.example']);
    expect(urls(withSet(abc, 1, added, 3))).toEqual(['b.example', 'c.example', 'n.example']);
    expect(urls(withSet(abc, 3, added, 1))).toEqual(['n.example', 'a.example', 'b.example']);
    expect(urls(withoutOne(abc, 2))).toEqual(['a.example', 'c.example']);
    expect(withSet(abc, 2, added)[1]?.id).toBe(abc[1]?.id);
  });

  it('are at most 50', () => {
    expect(() =>
      withAdded(
        Array.from({ length: 50 }, () => added),
        added,
      ),
    ).toThrow('There are 50 links');
    expect(() => withoutOne(abc, 4)).toThrow('There is no link at position 4.');
  });

  it('keep their ids where their addresses stay, whatever the order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(4), { maxLength: 12 }),
        fc.array(fc.nat(4), { maxLength: 12 }),
        (from, to) => {
          const before = from.map((n) => link(`https://h${n}.example`));
          const after = replaced(
            before,
            to.map((n) => link(`https://h${n}.example`)),
          );
          expect(new Set(after.map(({ id }) => id)).size).toBe(to.length);
          for (const n of [0, 1, 2, 3, 4]) {
            const url = `https://h${n}.example`;
            const kept = after.filter((each) => each.url === url && before.some(({ id }) => id === each.id));
            const [had, has] = [from, to].map((list) => list.filter((each) => each === n).length);
            expect(kept).toHaveLength(Math.min(had ?? 0, has ?? 0));
          }
        },
      ),
    );
  });
});
