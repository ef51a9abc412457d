import { createHash } from 'node:crypto';
import { markup, Markup } from '@erato/platform/html/markup';
import type { Reply } from './router.js';

const RULES = `
body{font:1rem/1.5 system-ui,sans-serif;background:#f4f4f5;color:#18181b;margin:0}
main{max-width:24rem;margin:4rem auto;padding:2rem;background:#fff;border:1px solid #d4d4d8;border-radius:.75rem}
label{display:block;margin-top:1rem;font-weight:600}
input:not([type=radio]){width:100%;box-sizing:border-box;padding:.5rem;font:inherit;border:1px solid #71717a;border-radius:.375rem}
button{margin-top:1.5rem;width:100%;padding:.6rem;font:inherit;font-weight:600;color:#fff;background:#3f3f9b;border:0;border-radius:.375rem}
:focus-visible{outline:3px solid #6366f1;outline-offset:2px}
[role=alert]{color:#991b1b;border-left:4px solid;padding-left:.75rem}
fieldset{border:0;padding:0;margin:1rem 0 0}
`;
/** Made here and not in the template: the hash is of every character between the tags. */
const STYLE = new Markup(`<style>${RULES}</style>`);
const STYLE_HASH = createHash('sha256').update(RULES).digest('base64');

export type Hidden = Readonly<Record<string, string | undefined>>;

/** A whole page; `redirectUri` is where its form may lead in the end. */
export function documentOf(title: string, body: Markup, redirectUri: string, status = 200): Reply {
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        ${STYLE}
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`;
  return {
    status,
    html: page.text,
    headers: {
      // Browsers hold the redirect after a form to form-action too.
      'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self' ${new URL(redirectUri).origin}; frame-ancestors 'none'; base-uri 'none'`,
      // `no-referrer` would make the form's Origin "null".
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  };
}

export function form(hidden: Hidden, error: string | undefined, fields: Markup, button: string): Markup {
  const kept = Object.entries(hidden).filter(([, value]) => value !== undefined);
  return markup`${error === undefined ? undefined : markup`<p role="alert" id="error">${error}</p>`}
    <form method="post" action="/user_management/authorize">
      ${kept.map(([name, value]) => markup`<input type="hidden" name="${name}" value="${value}" />`)}
      ${fields}<button type="submit">${button}</button>
    </form>`;
}

export function field(
  name: string,
  label: string,
  type: string,
  autocomplete: string,
  value = '',
  required = true,
): Markup {
  return markup`<label for="${name}">${label}</label
    ><input
      id="${name}"
      name="${name}"
      type="${type}"
      autocomplete="${autocomplete}"
      value="${value}"
      ${required ? markup` required` : undefined}
    />`;
}
