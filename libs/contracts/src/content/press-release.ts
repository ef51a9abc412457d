import { Id, Nullable, Optional, Text, Whole } from '../kit/fields.js';
import { partCalls } from './part-calls.js';
import { maxBody } from './post.js';

/** The typed part of a press release. */
export class PressRelease {
  /** Markdown: CommonMark and GFM. */
  @Text({ max: maxBody }) body: string;
  /** The body rendered to HTML and held to an allow list: no script, no style, no `javascript:` or `data:` link. */
  @Text({ max: 4 * 1024 * 1024 }) bodyHtml: string;
  /** Whom the press may ask; plain text. */
  @Text({ min: 1, max: 500 }) @Nullable() contact: string | null;
  /** What stands below every release of its author; plain text. */
  @Text({ min: 1, max: 5000 }) @Nullable() boilerplate: string | null;
}

export class NewPressRelease {
  /** Markdown: CommonMark and GFM. */
  @Text({ min: 1, max: maxBody }) body: string;
  @Text({ min: 1, max: 500 }) @Nullable() @Optional() contact?: string | null;
  @Text({ min: 1, max: 5000 }) @Nullable() @Optional() boilerplate?: string | null;
}

/** A merge patch of a press release's part: what is left out stays. */
export class PressReleasePatch {
  @Text({ min: 1, max: maxBody }) @Optional() body?: string;
  @Text({ min: 1, max: 500 }) @Nullable() @Optional() contact?: string | null;
  @Text({ min: 1, max: 5000 }) @Nullable() @Optional() boilerplate?: string | null;
}

/** The typed part alone, with the version of its resource. */
export class PressReleasePart extends PressRelease {
  /** The resource's version; the ETag. */
  @Whole({ min: 1 }) version: number;
}

export class PutPressRelease extends NewPressRelease {
  @Id() id: string;
}

const given = {
  body: '**Night Ferry** is out on 12 September.',
  contact: 'press@northernlights.example',
  boilerplate: 'Northern Lights is a label from Tromsø.',
};

export const pressReleases = partCalls('content.press-release', {
  path: 'press-release',
  word: 'press release',
  put: PutPressRelease,
  shown: PressReleasePart,
  example: {
    given,
    shown: { ...given, bodyHtml: '<p><strong>Night Ferry</strong> is out on 12 September.</p>' },
  },
});
