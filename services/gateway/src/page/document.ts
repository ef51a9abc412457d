import { markup, Markup } from '@erato/platform/html/markup';
import { clip, oneLine } from './clip.js';
import { commonStyle, styleOf } from './style.js';
import type { Theme } from './theme.js';

/** What a page is, beside its body: what browsers, search and networks that show links read. */
export interface About {
  readonly title: string;
  readonly description: string;
  /** The page's own address; null for one that is none (an error). */
  readonly address: string | null;
  readonly theme: Theme;
  /** How the body is laid out: a class of the style sheet. */
  readonly layout: 'profile' | 'link' | 'read' | 'link sorry';
  /** Whether search engines may list it. */
  readonly listed: boolean;
  /** Open Graph's type and what goes with it. */
  readonly properties: readonly (readonly [string, string])[];
  /** An image for those who show links; they fetch it, the page does not. */
  readonly image: string | null;
  /** schema.org's description. */
  readonly data: object | null;
  readonly feed: { readonly address: string; readonly title: string } | null;
}

/** A page as it is sent. */
export interface Document {
  readonly html: string;
  /** Its Content-Security-Policy: nothing but its own two style sheets, and pictures from here. */
  readonly policy: string;
}

/** Puts a page together. Colours come as a second, small style sheet, so that the first is the same everywhere. */
export function documentOf(about: About, body: Markup): Document {
  const colours = styleOf(about.theme.css);
  const title = clip(oneLine(about.title), 300);
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <title>${title}</title>
        ${metadata(about, title)}
        <link rel="icon" href="/favicon.svg" type="image/svg+xml">
        ${commonStyle.element}
        ${colours.element}
      </head>
      <body class="${about.layout}">
        <a class="skip" href="#main">Skip to content</a>
        ${body}
        <footer><p>Published with Erato</p></footer>
      </body>
    </html>`;
  const sources = `${commonStyle.source} ${colours.source}`;
  return {
    html: page.text,
    policy: `default-src 'none'; img-src 'self'; style-src ${sources}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  };
}

function metadata(
  { description, address, listed, properties, image, data, feed }: About,
  title: string,
): Markup {
  const words = clip(oneLine(description), 480);
  const open = [
    ['og:title', title],
    ...(words === '' ? [] : [['og:description', words]]),
    ...(address === null ? [] : [['og:url', address]]),
    ...(image === null ? [] : [['og:image', image]]),
    ...properties,
  ];
  return markup`
    ${words === '' ? null : markup`<meta name="description" content="${words}">`}
    ${listed ? null : markup`<meta name="robots" content="noindex">`}
    ${address === null ? null : markup`<link rel="canonical" href="${address}">`}
    ${feed && markup`<link rel="alternate" type="application/atom+xml" title="${clip(feed.title, 200)}" href="${feed.address}">`}
    ${address === null ? null : open.map(([name, content]) => markup`<meta property="${name}" content="${content}">`)}
    ${address === null ? null : markup`<meta name="twitter:card" content="${image === null ? 'summary' : 'summary_large_image'}">`}
    ${data && markup`<script type="application/ld+json">${jsonIn(data)}</script>`}
  `;
}

/** JSON within an element: nothing in it can end the element or begin another. */
const jsonIn = (data: object): Markup =>
  new Markup(
    JSON.stringify(data).replaceAll(
      /[<>&\u2028\u2029]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
