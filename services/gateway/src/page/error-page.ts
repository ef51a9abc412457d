import { markup } from '@erato/platform/html/markup';
import { documentOf, type Document } from './document.js';
import { themeOf } from './theme.js';

const words: Readonly<Record<number, readonly [string, string]>> = {
  404: ['Nothing plays here', 'This address leads nowhere, or what was here is not public.'],
  410: ['This is over', 'What was here has ended, and does not come back.'],
  429: ['A little slower', 'Too many requests came from your network. Wait a moment and try again.'],
  503: ['Back in a moment', 'A part of this site is not there right now. Try again in a moment.'],
  504: ['Back in a moment', 'This took too long. Try again in a moment.'],
};
const otherwise = ['Something went wrong', 'It is our fault, not yours. Try again in a moment.'] as const;
const refused = ['This does not lead anywhere', 'The address has a part that cannot be read.'] as const;

/** What fans see in place of a problem document. */
export function errorPage(status: number, requestId: string): Document {
  const [title, text] = words[status] ?? (status < 500 ? refused : otherwise);
  const about = {
    ...{
      title,
      description: '',
      address: null,
      theme: themeOf(null, 'erato'),
      listed: false,
      properties: [],
    },
    ...{ layout: 'link sorry' as const, image: null, data: null, feed: null },
  };
  return documentOf(
    about,
    markup`<main id="main">
      <p class="kind">${status}</p>
      <h1>${title}</h1>
      <p>${text}</p>
      ${status < 500 ? null : markup`<p class="meta">Request ${requestId}</p>`}
    </main>`,
  );
}
