import { DOMParser } from '@xmldom/xmldom';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Resource } from '@erato/contracts/content/resource';
import type { Workspace } from '@erato/contracts/content/workspace';
import { settle } from '@erato/testing/settle';
import { startSystem, type TestSystem } from '@erato/testing/system';
import { Api } from '../support/api.js';
import { readPage } from '../support/page.js';
import { aPerson, type Person } from '../support/people.js';
import { made, polarNight, type Artist } from '../support/polar-night.js';

const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe('the pages for fans', () => {
  let system: TestSystem;
  let mia: Person;
  let artist: Artist;

  beforeAll(async () => {
    system = await startSystem({
      env: { ERATO_RATE_KEY: '100000', ERATO_RATE_GUEST: '100000', ERATO_TRUSTED_PROXIES: '127.0.0.1' },
    });
    const admin = (await Api.of(system.url)).as(system.adminKey);
    mia = await aPerson(admin, 'mia');
    artist = await polarNight(mia.api);
  }, 180_000);

  afterAll(async () => {
    await system.stop();
  }, 60_000);

  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(system.url + path, {
      ...init,
      redirect: 'manual',
      headers: { 'user-agent': agent, accept, ...(init.headers as Record<string, string>) },
    });

  async function read(path: string) {
    const answer = await ask(path);
    const html = await answer.text();
    expect([path, answer.status]).toEqual([path, 200]);
    expect(Buffer.byteLength(html)).toBeLessThan(30_000);
    return readPage(html);
  }

  const author = () => ({ authors: [{ authorType: 'workspace', authorId: artist.workspace.id }] });
  const aPost = (more: object): Promise<Resource> =>
    made(mia.api, '/v1/resources', { type: 'post', title: 'A post', post: { body: 'Words.' }, ...more });

  it('show a workspace with its profile, links and what it lists', async () => {
    const page = await read('/@polar-night');
    expect([page.title, page.heading]).toEqual(['Polar Night', 'Polar Night']);
    expect(page.text).toContain('On tour in February.');
    for (const title of ['First Light', 'Northbound', 'We cried a little.', 'harmonium in a lighthouse']) {
      expect(page.text).toContain(title);
    }
    const hrefs = page.links.map(({ href }) => href);
    expect(hrefs).toContain('https://www.instagram.com/polarnight');
    expect(hrefs).toContain(`/r/${artist.album.shortId}`);
    expect(hrefs).toContain('/@polar-night/feed.xml');
    expect(page.meta).toMatchObject({
      'og:type': 'profile',
      'og:title': 'Polar Night',
      'og:url': `${system.url}/@polar-night`,
      'og:image': 'https://cdn.example/polar-night.jpg',
      'twitter:card': 'summary_large_image',
    });
    expect(page.data).toMatchObject({
      '@context': 'https://schema.org',
      '@type': 'MusicGroup',
      name: 'Polar Night',
      url: `${system.url}/@polar-night`,
      sameAs: expect.arrayContaining(['https://www.instagram.com/polarnight']),
    });
    expect((await read('/@Polar-Night?utm_source=news')).heading).toBe('Polar Night');
  });

  it('show an album with cover, authors, links and tracks', async () => {
    const { shortId } = artist.album;
    const page = await read(`/r/${shortId}`);
    expect([page.title, page.heading]).toEqual(['First Light · Polar Night', 'First Light']);
    expect(page.text).toMatch(/Tracks1Northbound3:34.*5First Light6:12/);
    expect(page.text).toContain('5 tracks · 20:30');
    const buttons = page.links.filter(({ href }) => href.startsWith(`/r/${shortId}/`));
    expect(buttons.map(({ text }) => text)).toEqual([
      'SpotifyListen',
      'Apple MusicListen',
      'BandcampBuy',
      'SoundCloudListen',
      'DeezerListen',
    ]);
    expect(page.meta).toMatchObject({
      'og:type': 'music.album',
      'og:image': 'https://cdn.example/first-light.jpg',
      'music:release_date': '2026-11-14',
      'music:musician': `${system.url}/@polar-night`,
    });
    expect(page.data).toMatchObject({
      '@type': 'MusicAlbum',
      name: 'First Light',
      numTracks: 5,
      byArtist: [{ '@type': 'MusicGroup', name: 'Polar Night' }],
    });
    const song = await read(page.links.find(({ text }) => text === 'Northbound')?.href ?? '');
    expect(song.data).toMatchObject({
      '@type': 'MusicRecording',
      duration: 'PT3M34S',
      isrcCode: 'DEA012600042',
    });
    expect(song.meta).toMatchObject({ 'og:type': 'music.song', 'music:duration': '214' });
  });

  it('show a post as it was rendered, its images as links, and a status as it was said', async () => {
    const post = await read(`/r/${artist.post.shortId}`);
    expect(post.heading).toBe('How we recorded a harmonium in a lighthouse');
    expect(post.text).toContain('Three weeks, one microphone');
    expect(post.links.map(({ href }) => href)).toContain('https://cdn.example/lighthouse.jpg');
    expect(post.data).toMatchObject({ '@type': 'BlogPosting', author: [{ name: 'Polar Night' }] });
    const status = await read(`/r/${artist.status.shortId}`);
    expect(status.heading).toBe('A note by Polar Night');
    expect(status.data['@type']).toBe('SocialMediaPosting');
  });

  it('turn by plain links: older entries, long texts, long albums', async () => {
    const workspace = await made<Workspace>(mia.api, '/v1/workspaces', { name: 'Prolific' });
    const authors = [{ authorType: 'workspace', authorId: workspace.id }];
    for (let at = 1; at <= 14; at++) await aPost({ title: `Post ${at}.`, status: 'LISTED', authors });
    const first = await read('/@prolific');
    expect(first.text).toContain('Post 14.');
    expect(first.text).not.toContain('Post 2.');
    const second = await read(first.links.find(({ rel }) => rel === 'next')?.href ?? '');
    expect(second.text).toContain('Post 2.');
    expect(second.text).toContain('Post 1.');
    const back = await read(second.links.find(({ rel }) => rel === 'prev')?.href ?? '');
    expect(back.text).toContain('Post 14.');
    expect((await ask('/@prolific?after=nonsense')).status).toBe(400);

    const words = Array.from({ length: 6_000 }, (_, at) => `word${at}`);
    const body = words.join(' ').replaceAll(/(.{400}) /g, '$1\n\n');
    const long = await aPost({ title: 'Long', post: { body }, status: 'LISTED', authors });
    let path: string | undefined = `/r/${long.shortId}`;
    let text = '';
    for (; path;) {
      const page = await read(path);
      text += page.text;
      path = page.links.find(({ rel }) => rel === 'next')?.href;
    }
    expect(text.match(/word\d+/g)).toEqual(words);
    expect((await ask(`/r/${long.shortId}?part=99`)).status).toBe(404);
  });

  it('count a click and lead on; a look, a page loaded ahead and a program count nothing', async () => {
    const { id, shortId } = artist.album;
    const followed = await ask(`/r/${shortId}/1`);
    expect([followed.status, followed.headers.get('location')]).toEqual([
      302,
      'https://open.spotify.com/album/1',
    ]);
    expect(followed.headers.get('cache-control')).toBe('no-store');
    for (const init of [
      { method: 'HEAD' },
      { headers: { 'sec-purpose': 'prefetch;prerender' } },
      { headers: { 'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' } },
    ]) {
      const looked = await ask(`/r/${shortId}/1`, init);
      expect([looked.status, looked.headers.get('location')]).toEqual([
        302,
        'https://open.spotify.com/album/1',
      ]);
    }
    await ask(`/r/${shortId}/2`);
    const clicks = async (): Promise<string> => {
      const stats = await mia.api.get(`/v1/resources/${id}/links/stats`);
      return JSON.stringify(stats.body);
    };
    await settle(async () => ((await clicks()).match(/"clicks":1\b/g) ?? []).length >= 2);
    expect(await clicks()).not.toMatch(/"clicks":[2-9]/);
    expect((await ask(`/r/${shortId}/6`)).status).toBe(404);
    expect((await ask(`/r/${shortId}/0`)).status).toBe(404);
    expect((await ask(`/r/${shortId}/one`)).status).toBe(404);
  });

  it('reach what is unlisted by its short id alone, and no draft, closed or unknown thing at all', async () => {
    const unlisted = await aPost({ title: 'Between us', status: 'UNLISTED', ...author() });
    const draft = await aPost({
      title: 'Not yet',
      status: 'LISTED',
      publishAt: null,
      links: [{ url: 'https://a.example' }],
      ...author(),
    });
    const closed = await made<Workspace>(mia.api, '/v1/workspaces', {
      name: 'Closed',
      visibility: 'private',
    });
    const within = await aPost({
      title: 'Within',
      status: 'LISTED',
      authors: [{ authorType: 'workspace', authorId: closed.id }],
    });
    const page = await read(`/r/${unlisted.shortId}`);
    expect([page.heading, page.meta['robots']]).toEqual(['Between us', 'noindex']);
    const shown = (await read('/@polar-night')).text + (await (await ask('/@polar-night/feed.xml')).text());
    expect(shown).not.toMatch(/Between us|Not yet/);
    const bodies = new Set<string>();
    for (const path of [
      ...[
        `/r/${draft.shortId}`,
        `/r/${draft.shortId}/1`,
        `/r/${within.shortId}`,
        '/r/XgrzJe9xUm',
        '/r/nothing',
      ],
      ...['/@closed', '/@closed/feed.xml', '/@nobody', '/@a', "/@'--"],
      ...['/@', '/@polar-night/nothing', '/@polar-night/', '/@%zz', `/@${'a'.repeat(400)}`],
      ...['/r', '/r/', '/r/%zz', `/r/${unlisted.shortId}/1/2`, `/r/${unlisted.shortId}/`],
    ]) {
      const answer = await ask(path);
      expect([path, answer.status, answer.headers.get('cache-control')]).toEqual([path, 404, 'no-store']);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      bodies.add(await answer.text());
    }
    expect(bodies.size).toBe(1);
    expect([...bodies][0]).toContain('<h1>Nothing plays here</h1>');
  });

  it('are problem documents where no browser asks for what is not there', async () => {
    for (const path of [
      '/@nobody',
      '/@nobody/feed.xml',
      '/r/XgrzJe9xUm',
      '/@polar-night/nothing',
      '/r/a/b/c',
      '/r/%zz',
    ]) {
      for (const other of ['*/*', 'application/json', 'application/atom+xml, */*;q=0.1']) {
        const answer = await ask(path, { headers: { accept: other } });
        expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
          ...[path, 404, 'application/problem+json; charset=utf-8'],
        ]);
        expect(await answer.json()).toMatchObject({ status: 404, instance: path });
      }
      const page = await ask(path);
      expect(page.headers.get('vary')).toBe('Accept');
      expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none';/);
      expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe|https?:/);
    }
    expect((await ask('/v1/nothing')).headers.get('content-type')).toBe(
      'application/problem+json; charset=utf-8',
    );
  });

  it('name the albums of a song, and its authors who have a handle', async () => {
    const song = await read(`/r/${artist.songs[0]?.shortId ?? ''}`);
    expect(song.text).toContain('From First Light');
    expect(song.links).toContainEqual({ href: `/r/${artist.album.shortId}`, text: 'First Light', rel: '' });
    expect(song.data).toMatchObject({ inAlbum: [{ '@type': 'MusicAlbum', name: 'First Light' }] });
    expect(song.meta['music:album']).toBe(`${system.url}/r/${artist.album.shortId}`);
    const own = await aPost({ title: 'By myself' });
    expect((await read(`/r/${own.shortId}`)).text).not.toContain('by ');
    const named = { handle: 'mia_writes', displayName: 'Mia </script><b>' };
    expect((await mia.api.patch(`/v1/users/${mia.id}`, named)).status).toBe(200);
    const page = await read(`/r/${own.shortId}`);
    expect([page.title, page.text]).toEqual([
      'By myself · Mia </script><b>',
      expect.stringContaining('by Mia </script><b>'),
    ]);
    expect(page.data).toMatchObject({ author: [{ '@type': 'Person', name: 'Mia </script><b>' }] });
  });

  it('are the same for everyone and may be kept: conditional, with HEAD, without a credential', async () => {
    for (const path of ['/@polar-night', '/@polar-night/feed.xml', `/r/${artist.album.shortId}`]) {
      const full = await ask(path, { headers: { authorization: `Bearer ${system.adminKey}` } });
      const etag = full.headers.get('etag') ?? '';
      expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
      expect(full.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate');
      expect(full.headers.get('vary')).toBeNull();
      expect(full.headers.get('content-security-policy')).toMatch(/^default-src 'none';/);
      expect(full.headers.get('content-security-policy')).not.toMatch(/unsafe|https?:/);
      const head = await ask(path, { method: 'HEAD' });
      expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, '']);
      const again = await ask(path, { headers: { 'if-none-match': etag } });
      expect([again.status, await again.text()]).toEqual([304, '']);
    }
    const posted = await ask('/@polar-night', { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('feed readers: Atom that a parser takes, with ids, times, bodies and addresses', async () => {
    const answer = await ask('/@polar-night/feed.xml');
    expect(answer.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    const refuse = (_: string, message: string): never => {
      throw new Error(message);
    };
    const feed = new DOMParser({ onError: refuse }).parseFromString(
      await answer.text(),
      'text/xml',
    ).documentElement;
    const entries = [...(feed?.getElementsByTagName('entry') ?? [])].map((entry) => {
      const of = (name: string) => entry.getElementsByTagName(name)[0];
      return [
        of('title')?.textContent,
        of('id')?.textContent,
        of('link')?.getAttribute('href'),
        of('content')?.textContent,
      ];
    });
    expect(entries).toHaveLength(8);
    expect(entries[0]?.[0]).toContain('The record is pressed');
    expect(entries).toContainEqual([
      artist.post.title,
      `urn:uuid:${artist.post.id}`,
      `${system.url}/r/${artist.post.shortId}`,
      expect.stringMatching(/^<p>Three weeks, <strong>one<\/strong>/),
    ]);
  });

  it('hold back who guesses short ids, and nobody else', async () => {
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
    const guess = async (at: number): Promise<number> => {
      const path = `/r/XgrzJe9x${'ABCDEFGHJK'.charAt(at % 10)}${'mnpqrtw'.charAt(at % 7)}`;
      return (await ask(path, from('198.51.100.7'))).status;
    };
    const statuses = await Promise.all(Array.from({ length: 60 }, (_, at) => guess(at)));
    expect(statuses.filter((status) => status === 404).length).toBeGreaterThanOrEqual(20);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(10);
    const { shortId } = artist.album;
    const held = await settle(async () => {
      await Promise.all([guess(1), guess(2), guess(3)]);
      const answer = await ask(`/r/${shortId}`, from('198.51.100.7'));
      return answer.status === 429 ? answer : null;
    });
    expect(held.headers.get('retry-after')).toBe('1');
    expect((await ask(`/r/${shortId}`, from('198.51.100.8'))).status).toBe(200);
  });
});
