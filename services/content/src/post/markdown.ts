import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import sanitizeHtml from 'sanitize-html';

const markdown = {
  // NOTE: HTML within Markdown passes here and is then held to the allow list below
  allowDangerousHtml: true,
  extensions: [gfm()],
  htmlExtensions: [gfmHtml()],
};

/** Addresses within a page: footnotes, under the prefix that keeps them from meaning anything else in it. */
const ownAnchor = /^user-content-[\w.-]{1,200}$/;

const keepOwnId = (attributes: sanitizeHtml.Attributes): sanitizeHtml.Attributes => {
  const { id, ...rest } = attributes;
  return id !== undefined && ownAnchor.test(id) ? { ...rest, id } : rest;
};

const keepLanguage = (attributes: sanitizeHtml.Attributes): sanitizeHtml.Attributes => {
  const language = attributes['class'];
  return language !== undefined && /^language-[\w+#-]{1,40}$/.test(language) ? { class: language } : {};
};

/** The allow list (content.md, Rules): what is not named here does not survive. */
const allowed: sanitizeHtml.IOptions = {
  allowedTags: (
    'p br hr h1 h2 h3 h4 h5 h6 blockquote pre code ul ol li a img em strong del ins sub sup b i s u ' +
    'kbd mark small abbr table thead tbody tr th td input section details summary'
  ).split(' '),
  allowedAttributes: {
    a: ['href', 'title', 'rel', 'id', 'data-footnote-ref', 'data-footnote-backref', 'aria-label'],
    img: ['src', 'alt', 'title', 'loading'],
    ol: ['start'],
    li: ['id'],
    code: ['class'],
    th: ['align'],
    td: ['align'],
    input: ['type', 'disabled', 'checked'],
    section: ['data-footnotes'],
    abbr: ['title'],
  },
  allowedSchemes: ['https', 'http', 'mailto'],
  allowedSchemesByTag: { img: ['https'] },
  allowedSchemesAppliedToAttributes: ['href', 'src'],
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  nestingLimit: 50,
  transformTags: {
    a: (tagName, attributes) => ({
      tagName,
      attribs: { ...keepOwnId(attributes), rel: 'nofollow noopener noreferrer ugc' },
    }),
    li: (tagName, attributes) => ({ tagName, attribs: keepOwnId(attributes) }),
    code: (tagName, attributes) => ({ tagName, attribs: keepLanguage(attributes) }),
    img: (tagName, attributes) => ({ tagName, attribs: { ...attributes, loading: 'lazy' } }),
    input: (tagName, attributes) => ({
      tagName,
      attribs: {
        type: 'checkbox',
        disabled: '',
        ...(attributes['checked'] === undefined ? {} : { checked: '' }),
      },
    }),
  },
  /** An image must come from somewhere, over https. */
  exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !attribs['src']?.startsWith('https://'),
};

/** A body as it is shown, and its words for an excerpt. */
export interface Rendered {
  readonly html: string;
  readonly text: string;
}

/**
 * Renders Markdown (CommonMark and GFM) to HTML that is safe to show: text of users stays text. It takes time that grows with
 * the square of some texts: what comes from outside goes through `Renderer`, which bounds it.
 */
export function renderMarkdown(body: string): Rendered {
  return renderProse(body) ?? renderAny(body);
}

/** The same by the whole grammar and the allow list. */
export function renderAny(body: string): Rendered {
  const html = sanitizeHtml(micromark(body, markdown), allowed).trim();
  return { html, text: textOf(html) };
}

/** Letters, digits and marks that mean nothing to Markdown or HTML. */
const prose = /^[\p{L}\p{N}\p{Extended_Pictographic} ,.;?!'’“”„…–—()%€/\n]*$/u;
/** What prose may still mean: a numbered item, an indented or broken line, an address. */
const meaning = /(?:^|\n)(?:\d+[.)]|[ ])| (?:\n|$)|www\./i;
const paragraphs = /\n{2,}/;

/**
 * Bodies that are prose alone, which most are, need neither grammar nor allow list, a hundredth of the work; null for any
 * other. A test holds the two ways to the same answer.
 */
export function renderProse(body: string): Rendered | null {
  if (!prose.test(body) || meaning.test(body)) return null;
  const parts = body.split(paragraphs).map((part) => part.replaceAll(/^\n+|\n+$/g, ''));
  const html = parts
    .filter((part) => part !== '')
    .map((part) => `<p>${part}</p>`)
    .join('\n');
  return { html, text: body.replaceAll(/\s+/gu, ' ').trim() };
}

const blocks =
  /<\/?(?:p|br|hr|h[1-6]|blockquote|pre|ul|ol|li|table|tr|th|td|section|details|summary)\b[^>]*>/g;

/** The words of HTML that came out of {@link renderMarkdown}: what stands between `<` and `>` there is a tag. */
export function textOf(html: string): string {
  return html
    .replaceAll(blocks, ' ')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}
