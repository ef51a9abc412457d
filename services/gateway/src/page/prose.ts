import { escapeText, writable } from '@erato/platform/html/markup';
import { readTags, type Tag } from './tags.js';

interface Open {
  readonly tag: string;
  readonly start: string;
  readonly end: string;
  /** Of an `ol`: the number of its next item. */
  next: number;
}

const kept = new Set(
  (
    'p br hr h1 h2 h3 h4 h5 h6 blockquote pre code ul ol li a em strong del ins sub sup b i s u kbd mark small abbr ' +
    'table thead tbody tr th td section details summary'
  ).split(' '),
);
const blocks = new Set('p hr h1 h2 h3 h4 h5 h6 blockquote pre ul ol table section details'.split(' '));
const empty = new Set(['br', 'hr']);

/**
 * A rendered body as a page shows it, in parts of at most so many bytes, since a page has a size: each is well-formed alone.
 * Content has sanitized it; what changes here is what a page needs: images are links (they would come from elsewhere), headings go
 * on below the page's own, wide tables scroll by themselves. What is not known is text.
 */
export function partsOf(bodyHtml: string, bytes: number): string[] {
  return new Reflow(bytes).run(bodyHtml);
}

class Reflow {
  readonly #parts: string[] = [];
  readonly #open: Open[] = [];
  readonly #headings: number[] = [];
  #part = '';
  #size = 0;

  constructor(private readonly bytes: number) {}

  run(bodyHtml: string): string[] {
    for (const token of readTags(writable(bodyHtml))) {
      if (typeof token === 'string') this.#text(token);
      else if (token.closing) this.#close(token.name);
      else this.#begin(token);
    }
    this.#cut(false);
    return this.#parts;
  }

  #text(text: string): void {
    for (const [piece] of text.matchAll(/(?:&#?\w{1,10};|[^]){1,200}/gu)) {
      if (this.#isFull(piece)) this.#cut(true);
      this.#write(piece.replaceAll('<', '&lt;'));
    }
  }

  #begin(tag: Tag): void {
    if (tag.name === 'img') {
      this.#image(tag);
      return;
    }
    if (tag.name === 'input') {
      this.#text(tag.attributes.has('checked') ? '☑' : '☐');
      return;
    }
    if (!kept.has(tag.name)) return;
    const isRoomShort = this.#size > this.bytes * 0.75;
    if (isRoomShort && this.#open.length === 0 && blocks.has(tag.name)) this.#cut(true);
    const opened = this.#opened(tag);
    if (this.#isFull(opened.start + opened.end)) this.#cut(true);
    const around = this.#open.at(-1);
    if (tag.name === 'li' && around) around.next++;
    this.#write(opened.start);
    if (!empty.has(tag.name)) this.#open.push(opened);
  }

  #opened({ name, attributes }: Tag): Open {
    const tag = name;
    if (/^h[1-6]$/.test(name)) {
      const level = this.#level(Number(name[1]));
      return { tag, start: `<h${level}>`, end: `</h${level}>`, next: 0 };
    }
    if (name === 'table') {
      const start = '<div class="wide" role="region" aria-label="Table" tabindex="0"><table>';
      return { tag, start, end: '</table></div>', next: 0 };
    }
    if (name === 'ol') return numbered(Number(attributes.get('start') ?? 1));
    return {
      tag,
      start: `<${name}${keptAttributes(name, attributes, this.bytes / 3)}>`,
      end: `</${name}>`,
      next: 0,
    };
  }

  /** Where a heading stands in the page's outline: one below what it belongs to, none left out. */
  #level(given: number): number {
    while ((this.#headings.at(-1) ?? 0) >= given) this.#headings.pop();
    this.#headings.push(given);
    return Math.min(6, this.#headings.length + 1);
  }

  #image({ attributes }: Tag): void {
    const words = attributes.get('alt') || 'Image';
    const address = attributes.get('src') ?? '';
    if (this.#open.some(({ tag }) => tag === 'a') || !isAddress(address)) {
      this.#text(escapeText(words));
      return;
    }
    this.#begin({ name: 'a', closing: false, attributes: new Map([['href', address]]) });
    this.#text(`▣ ${escapeText(words)}`);
    this.#close('a');
  }

  /** Closes the tag and what was left open within it; one that is not open is nothing. */
  #close(name: string): void {
    const at = this.#open.findLastIndex(({ tag }) => tag === name);
    if (at < 0) return;
    for (const { end } of this.#open.splice(at).reverse()) this.#write(end);
  }

  #isFull(piece: string): boolean {
    const closing = this.#open.reduce((sum, { end }) => sum + end.length, 0);
    return this.#size + Buffer.byteLength(piece) * 2 + closing > this.bytes && this.#part !== '';
  }

  #write(text: string): void {
    this.#part += text;
    this.#size += Buffer.byteLength(text);
  }

  /** Ends the part, and begins the next with what was open. */
  #cut(goesOn: boolean): void {
    const ends = this.#open.toReversed().map(({ end }) => end);
    const part = (this.#part + ends.join('')).trim();
    if (part !== '') this.#parts.push(part);
    this.#part = '';
    this.#size = 0;
    if (!goesOn) return;
    for (const [at, open] of this.#open.entries()) {
      const within = this.#open[at + 1]?.tag === 'li' ? 1 : 0;
      const again = open.tag === 'ol' ? numbered(open.next - within).start : open.start;
      this.#write(again.replace(/ id="[^"]*"/, ''));
    }
  }
}

const numbered = (from: number): Open => {
  const first = Number.isSafeInteger(from) ? from : 1;
  return { tag: 'ol', start: first === 1 ? '<ol>' : `<ol start="${first}">`, end: '</ol>', next: first };
};

const isAddress = (text: string): boolean =>
  /^https?:\/\/|^mailto:|^#user-content-/i.test(text) && text.length <= 2048;

function keptAttributes(name: string, attributes: Tag['attributes'], longest: number): string {
  const [href = '', id = '', title, align = ''] = ['href', 'id', 'title', 'align'].map((each) =>
    attributes.get(each),
  );
  const written: string[] = [];
  const add = (attribute: string, value: string): number =>
    written.push(` ${attribute}="${escapeText(value)}"`);
  if (name === 'a' && isAddress(href) && href.length <= longest) add('href', href);
  if (name === 'a' && /^https?:/i.test(href)) add('rel', 'nofollow noopener noreferrer ugc');
  if (/^user-content-[\w.-]{1,200}$/.test(id)) add('id', id);
  if ((name === 'a' || name === 'abbr') && title !== undefined && title.length <= 300) add('title', title);
  if ((name === 'th' || name === 'td') && /^(?:left|center|right)$/.test(align)) add('class', align);
  return written.join('');
}
