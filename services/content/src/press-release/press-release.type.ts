import type {
  NewPressRelease,
  PressRelease,
  PressReleasePatch,
} from '@erato/contracts/content/press-release';
import { jsonOf } from '../access/json.js';
import { textOf } from '../post/markdown.js';
import type { PartTools, PartType, PreparedPart } from '../resource/part-type.js';

async function prepare(given: NewPressRelease, path: string, { renderer }: PartTools): Promise<PreparedPart> {
  const { body, contact = null, boilerplate = null } = given;
  const { html, text } = await renderer.render(`${path}.body`, body);
  const shown: PressRelease = { body, bodyHtml: html, contact, boilerplate };
  return { values: [body, html, contact, boilerplate], shown, text };
}

/** Press releases: Markdown, and who is to be asked. */
export const pressReleaseType: PartType = {
  part: 'pressRelease',
  table: 'press_releases',
  columns: { body: 'text', body_html: 'text', contact: 'text', boilerplate: 'text' },
  json: jsonOf({
    body: 'p.body',
    bodyHtml: 'p.body_html',
    contact: 'p.contact',
    boilerplate: 'p.boilerplate',
  }),
  make: prepare,
  patch: (standing: PressRelease, patch: PressReleasePatch, path, tools) =>
    prepare({ ...standing, ...patch }, path, tools),
  given: ({ body, contact, boilerplate }: PressRelease): NewPressRelease => ({
    body,
    contact,
    boilerplate,
  }),
  textOf: (shown: PressRelease) => textOf(shown.bodyHtml),
};
