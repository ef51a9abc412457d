import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import axe, { type AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Resource } from '@erato/contracts/content/resource';
import type { Workspace } from '@erato/contracts/content/workspace';
import { startSystem, type TestSystem } from '@erato/testing/system';
import { Api } from '../support/api.js';
import { findChromium, openBrowser } from '../support/browser.js';
import { aPerson } from '../support/people.js';
import { made, polarNight, type Artist } from '../support/polar-night.js';

const chromium = findChromium();
const about = chromium
  ? 'the pages in a browser'
  : 'the pages in a browser (skipped: no Chromium; set CHROMIUM_BIN)';
const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));

const phone = { width: 390, height: 844 };
const narrow = { width: 360, height: 640 };
const desktop = { width: 1280, height: 800 };

/** What a page must not do, wherever it is written. */
const hostile = [
  '<script>window.broken=1</script>',
  '"><img src=x onerror="window.broken=1">',
  `</title></style></script><svg onload=window.broken=1>`,
  '[x](javascript:window.broken=1)',
  '<iframe src="https://evil.example"></iframe>',
  '<style>*{display:none}</style>',
];

async function violations(page: Page, run: string): Promise<string[]> {
  const found = await page.evaluate<AxeResults>(run);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** What has the focus, and whether it shows. */
const focus = `({
  href: document.activeElement?.getAttribute('href') ?? null,
  outline: document.activeElement ? getComputedStyle(document.activeElement).outlineStyle : '',
})`;

(chromium ? describe : describe.skip)(about, () => {
  let system: TestSystem;
  let browser: Browser;
  let artist: Artist;
  let trap: Resource;
  const paths = new Map<string, string>();

  beforeAll(async () => {
    system = await startSystem({ env: { ERATO_RATE_KEY: '100000', ERATO_RATE_GUEST: '100000' } });
    const admin = (await Api.of(system.url)).as(system.adminKey);
    const { api } = await aPerson(admin, 'mia');
    artist = await polarNight(api);
    const words = hostile.join(' ');
    const workspace = await made<Workspace>(api, '/v1/workspaces', {
      ...{
        name: words.slice(0, 100),
        slug: 'trap',
        description: words,
        bannerUrl: 'https://evil.example/a.png',
      },
      themeConfig: { colors: { primary: '#ffff00', secondary: 'red' } },
    });
    trap = await made<Resource>(api, '/v1/resources', {
      ...{ type: 'post', title: words, status: 'LISTED', excerpt: words.slice(0, 300) },
      ...{ authors: [{ authorType: 'workspace', authorId: workspace.id }] },
      links: [{ url: 'https://a.example/?<script>"', name: hostile[1], icon: 'mdi:constructor' }],
      post: {
        body: `${hostile.join('\n\n')}\n\n![a](https://evil.example/pixel.png)`,
        featuredImage: 'https://evil.example/b.png',
      },
    });
    paths.set('artist', '/@polar-night').set('album', `/r/${artist.album.shortId}`);
    paths.set('song', `/r/${artist.songs[0]?.shortId ?? ''}`).set('post', `/r/${artist.post.shortId}`);
    paths.set('status', `/r/${artist.status.shortId}`).set('nothing', '/r/XgrzJe9xUm');
    paths.set('trap', '/@trap').set('trapped', `/r/${trap.shortId}`);
    browser = await openBrowser(chromium ?? '');
  }, 180_000);

  afterAll(async () => {
    await browser.close();
    await system.stop();
  }, 60_000);

  /** Opens a page and gives it to the work; fails on anything that the console or the network has against it. */
  async function onPage<T>(
    path: string,
    options: BrowserContextOptions,
    work: (page: Page) => Promise<T>,
  ): Promise<T> {
    const context = await browser.newContext(options);
    const complaints: string[] = [];
    try {
      const page = await context.newPage();
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('dialog', (dialog) => complaints.push(dialog.message()));
      page.on('request', (request) => {
        if (!request.url().startsWith(system.url)) complaints.push(request.url());
      });
      const answer = await page.goto(system.url + path);
      const done = await work(page);
      const isMissing = answer?.status() === 404;
      expect([path, complaints.filter((each) => !isMissing || !each.includes('404'))]).toEqual([path, []]);
      return done;
    } finally {
      await context.close();
    }
  }

  it('fit a narrow phone without a script', async () => {
    for (const [name, path] of paths) {
      await onPage(path, { viewport: narrow, javaScriptEnabled: false }, async (page) => {
        const heading = await page.locator('h1').boundingBox();
        const fits =
          heading && heading.x >= 0 && heading.width > 0 && heading.x + heading.width <= narrow.width;
        expect([name, fits]).toEqual([name, true]);
      });
    }
  }, 60_000);

  it('have nothing that scrolls sideways or that axe finds wrong, in light and dark', async () => {
    for (const [name, path] of paths) {
      await onPage(path, { viewport: narrow, reducedMotion: 'reduce' }, async (page) => {
        const width = await page.evaluate<number>('document.documentElement.scrollWidth');
        expect([name, width]).toEqual([name, narrow.width]);
        await page.evaluate(axe.source);
        expect([name, await violations(page, 'axe.run()')]).toEqual([name, []]);
        await page.emulateMedia({ colorScheme: 'dark' });
        expect([name, await violations(page, "axe.run({ runOnly: ['color-contrast'] })")]).toEqual([
          name,
          [],
        ]);
      });
    }
  }, 120_000);

  it('lead to every link by the keyboard, each where it can be seen', async () => {
    for (const name of ['artist', 'album', 'post']) {
      await onPage(paths.get(name) ?? '', { viewport: desktop }, async (page) => {
        const links = await page.locator('a[href]').all();
        const all = await Promise.all(links.map((link) => link.getAttribute('href')));
        const reached = new Set<string | null>();
        for (let at = 0; at < all.length + 5; at++) {
          await page.keyboard.press('Tab');
          const focused = await page.evaluate<{ href: string | null; outline: string }>(focus);
          if (at === 0) expect(focused.href).toBe('#main');
          if (focused.href !== null) expect([focused.href, focused.outline]).toEqual([focused.href, 'solid']);
          reached.add(focused.href);
        }
        expect(all.filter((href) => !reached.has(href))).toEqual([]);
      });
    }
  }, 60_000);

  it('do nothing that somebody wrote into them', async () => {
    for (const name of ['trap', 'trapped']) {
      await onPage(paths.get(name) ?? '', { viewport: desktop }, async (page) => {
        expect(await page.evaluate<boolean>('"broken" in window')).toBe(false);
        const text = await page.locator('main').innerText();
        expect(text).toContain('<script>window.broken=1</script>');
        expect(
          await page.locator('img,iframe,object,embed,form,script:not([type="application/ld+json"])').count(),
        ).toBe(0);
        for (const link of await page.locator('a').all()) {
          expect((await link.getAttribute('href')) ?? '#').toMatch(/^(?:https?:|mailto:|\/|#)/);
        }
        expect(await page.locator('h1').isVisible()).toBe(true);
      });
    }
  }, 60_000);

  it('lead out by a click', async () => {
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.route('https://open.spotify.com/**', (route) => route.fulfill({ body: 'there' }));
      await page.goto(system.url + (paths.get('album') ?? ''));
      await page.getByRole('link', { name: 'Spotify' }).click();
      await page.waitForURL('https://open.spotify.com/album/1');
    } finally {
      await context.close();
    }
  });

  // Written into the documents where that is asked for; made each time, so that they always can be.
  it('have their picture taken', async () => {
    const isAsked = process.env['ERATO_SCREENSHOTS'] === 'on';
    if (isAsked) await mkdir(images, { recursive: true });
    for (const name of ['artist', 'album']) {
      for (const [size, viewport] of Object.entries({ phone, desktop })) {
        const colorScheme = size === 'phone' ? 'dark' : 'light';
        await onPage(paths.get(name) ?? '', { viewport, colorScheme }, async (page) => {
          const picture = await page.screenshot(isAsked ? { path: `${images}${name}-${size}.png` } : {});
          expect(picture.length).toBeGreaterThan(10_000);
          expect(picture.length).toBeLessThan(500_000);
        });
      }
    }
  }, 60_000);
});
