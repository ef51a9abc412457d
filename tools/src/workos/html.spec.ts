import { describe, expect, it } from '@jest/globals';
import { html } from './html.js';

describe('html', () => {
  it('escapes values and keeps markup', () => {
    const nasty = `"><script>alert('x')</script>&`;
    expect(html`<i title="${nasty}">${html`<b>ok</b>`}${undefined}${[html`1`, html`2`]}</i>`.text).toBe(
      '<i title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;"><b>ok</b>12</i>',
    );
  });
});
