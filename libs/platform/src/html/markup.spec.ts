import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { markup } from './markup.js';

describe('markup', () => {
  it('escapes values and keeps markup', () => {
    const nasty = `"><script>alert('x')</script>&`;
    const made = markup`<i title="${nasty}">${markup`<b>ok</b>`}${undefined}${null}${[markup`1`, '<', 2]}</i>`;
    expect(made.text).toBe(
      '<i title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;"><b>ok</b>1&lt;2</i>',
    );
  });

  it('leaves out the line breaks and indentation of its own lines, not of its values', () => {
    const made = markup`
      <p class="a"
        id="b">
        ${'two\n  lines'}
      </p>
    `;
    expect(made.text).toBe('<p class="a" id="b">two\n  lines</p>');
  });

  it('makes of any text a content and an attribute that mean that text and nothing else', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...`<>"'&;= \n\0\u2028a`) }),
    );
    fc.assert(
      fc.property(any, (text) => {
        const made = markup`${text}`.text;
        expect(made).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
        const meant = made.replaceAll(/&(\w+|#\d+);/g, (all) => means[all] ?? all);
        expect(meant).toBe(text.replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|\p{Surrogate}/gu, ''));
      }),
    );
  });
});

const means: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};
