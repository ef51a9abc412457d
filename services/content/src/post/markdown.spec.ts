import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderAny, renderMarkdown, renderProse } from './markdown.js';

const html = (body: string): string => renderMarkdown(body).html;

/** Vectors of the OWASP XSS filter evasion cheat sheet, and some that aim at Markdown. */
const vectors: readonly string[] = [
  '<SCRIPT SRC=https://xss.example/xss.js></SCRIPT>',
  "javascript:/*--></title></style></textarea></script></xmp><svg/onload='+/\"`/+/onmouseover=1/+/[*/[]/+alert(42);//'>",
  '<IMG SRC="javascript:alert(\'XSS\');">',
  "<IMG SRC=javascript:alert('XSS')>",
  "<IMG SRC=JaVaScRiPt:alert('XSS')>",
  '<IMG SRC=`javascript:alert("RSnake says, \'XSS\'")`>',
  '\\<a onmouseover="alert(document.cookie)"\\>xxs link\\</a\\>',
  '<IMG """><SCRIPT>alert("XSS")</SCRIPT>"\\>',
  '<IMG SRC=javascript:alert(String.fromCharCode(88,83,83))>',
  '<IMG SRC=# onmouseover="alert(\'xxs\')">',
  '<IMG SRC= onmouseover="alert(\'xxs\')">',
  '<IMG onmouseover="alert(\'xxs\')">',
  '<IMG SRC=/ onerror="alert(String.fromCharCode(88,83,83))"></img>',
  '<img src=x onerror="&#0000106&#0000097&#0000118&#0000097&#0000115&#0000099&#0000114&#0000105&#0000112&#0000116&#0000058&#0000097&#0000108&#0000101&#0000114&#0000116&#0000040&#0000039&#0000088&#0000083&#0000083&#0000039&#0000041">',
  '<IMG SRC=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;&#97;&#108;&#101;&#114;&#116;&#40;&#39;&#88;&#83;&#83;&#39;&#41;>',
  '<IMG SRC=&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A&#x61&#x6C&#x65&#x72&#x74&#x28&#x27&#x58&#x53&#x53&#x27&#x29>',
  '<IMG SRC="jav\tascript:alert(\'XSS\');">',
  '<IMG SRC="jav&#x09;ascript:alert(\'XSS\');">',
  '<IMG SRC="jav&#x0A;ascript:alert(\'XSS\');">',
  '<IMG SRC="jav&#x0D;ascript:alert(\'XSS\');">',
  '<IMG SRC=" &#14; javascript:alert(\'XSS\');">',
  '<SCRIPT/XSS SRC="https://xss.example/xss.js"></SCRIPT>',
  '<BODY onload!#$%&()*~+-_.,:;?@[/|\\]^`=alert("XSS")>',
  '<SCRIPT/SRC="https://xss.example/xss.js"></SCRIPT>',
  '<<SCRIPT>alert("XSS");//\\<</SCRIPT>',
  '<SCRIPT SRC=https://xss.example/xss.js?< B >',
  '<SCRIPT SRC=//xss.example/.j>',
  '<IMG SRC="`<javascript:alert>`(\'XSS\')"',
  '<iframe src=https://xss.example/scriptlet.html <',
  "\\\";alert('XSS');//",
  '</TITLE><SCRIPT>alert("XSS");</SCRIPT>',
  '<INPUT TYPE="IMAGE" SRC="javascript:alert(\'XSS\');">',
  '<BODY BACKGROUND="javascript:alert(\'XSS\')">',
  '<IMG DYNSRC="javascript:alert(\'XSS\')">',
  '<IMG LOWSRC="javascript:alert(\'XSS\')">',
  '<STYLE>li {list-style-image: url("javascript:alert(\'XSS\')");}</STYLE><UL><LI>XSS</br>',
  '<IMG SRC=\'vbscript:msgbox("XSS")\'>',
  "<svg/onload=alert('XSS')>",
  "<BODY ONLOAD=alert('XSS')>",
  '<BGSOUND SRC="javascript:alert(\'XSS\');">',
  '<BR SIZE="&{alert(\'XSS\')}">',
  '<LINK REL="stylesheet" HREF="javascript:alert(\'XSS\');">',
  '<LINK REL="stylesheet" HREF="https://xss.example/xss.css">',
  "<STYLE>@import'https://xss.example/xss.css';</STYLE>",
  '<META HTTP-EQUIV="Link" Content="<https://xss.example/xss.css>; REL=stylesheet">',
  '<STYLE>BODY{-moz-binding:url("https://xss.example/xssmoz.xml#xss")}</STYLE>',
  '<STYLE>@im\\port\'\\ja\\vasc\\ript:alert("XSS")\';</STYLE>',
  '<IMG STYLE="xss:expr/*XSS*/ession(alert(\'XSS\'))">',
  'exp/*<A STYLE=\'no\\xss:noxss("*//*");xss:ex/*XSS*//*/*/pression(alert("XSS"))\'>',
  '<STYLE TYPE="text/javascript">alert(\'XSS\');</STYLE>',
  '<XSS STYLE="xss:expression(alert(\'XSS\'))">',
  '<META HTTP-EQUIV="refresh" CONTENT="0;url=javascript:alert(\'XSS\');">',
  '<META HTTP-EQUIV="refresh" CONTENT="0;url=data:text/html base64,PHNjcmlwdD5hbGVydCgnWFNTJyk8L3NjcmlwdD4K">',
  '<IFRAME SRC="javascript:alert(\'XSS\');"></IFRAME>',
  '<IFRAME SRC=# onmouseover="alert(document.cookie)"></IFRAME>',
  '<FRAMESET><FRAME SRC="javascript:alert(\'XSS\');"></FRAMESET>',
  '<TABLE BACKGROUND="javascript:alert(\'XSS\')">',
  '<TABLE><TD BACKGROUND="javascript:alert(\'XSS\')">',
  '<DIV STYLE="background-image: url(javascript:alert(\'XSS\'))">',
  '<DIV STYLE="width: expression(alert(\'XSS\'));">',
  "<!--[if gte IE 4]><SCRIPT>alert('XSS');</SCRIPT><![endif]-->",
  '<BASE HREF="javascript:alert(\'XSS\');//">',
  '<OBJECT TYPE="text/x-scriptlet" DATA="https://xss.example/scriptlet.html"></OBJECT>',
  '<EMBED SRC="data:image/svg+xml;base64,PHN2ZyB4bWxuczpzdmc9Imh0dH A6Ly93d3cudzMub3JnLzIwMDAvc3ZnIj4=" type="image/svg+xml" AllowScriptAccess="always"></EMBED>',
  '<XML ID="xss"><I><B><IMG SRC="javas<!-- -->cript:alert(\'XSS\')"></B></I></XML>',
  '<t:set attributeName="innerHTML" to="XSS<SCRIPT DEFER>alert(\'XSS\')</SCRIPT>">',
  '<!--#exec cmd="/bin/echo \'<SCR\'"--><!--#exec cmd="/bin/echo \'IPT SRC=https://xss.example/xss.js></SCRIPT>\'"-->',
  '<SCRIPT a=">" SRC="https://xss.example/xss.js"></SCRIPT>',
  '<SCRIPT =">" SRC="https://xss.example/xss.js"></SCRIPT>',
  '<SCRIPT a=">" \'\' SRC="https://xss.example/xss.js"></SCRIPT>',
  '<SCRIPT>document.write("<SCRI");</SCRIPT>PT SRC="https://xss.example/xss.js"></SCRIPT>',
  '<A HREF="javascript:document.location=\'https://xss.example/\'">XSS</A>',
  '<A HREF="//xss.example/">XSS</A>',
  '<Img src = x onerror = "javascript: window.onerror = alert; throw XSS">',
  '<Video> <source onerror = "javascript: alert (XSS)">',
  '<Input value = "XSS" type = text>',
  '<applet code="javascript:confirm(document.cookie);">',
  '<isindex x="javascript:" onmouseover="alert(XSS)">',
  '"></SCRIPT>”>’><SCRIPT>alert(String.fromCharCode(88,83,83))</SCRIPT>',
  "<svg><style>{font-family&colon;'<iframe/onload=confirm(1)>'",
  '<math><mtext></p><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<form><button formaction=javascript&colon;alert(1)>CLICKME',
  '<details open ontoggle=alert(1)>',
  '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>',
  '[a](javascript:alert(1))',
  '[a](JaVaScRiPt:alert(1))',
  '[a](java&#10;script:alert(1))',
  '[a](<javascript:alert(1)>)',
  '[a](data:text/html,<script>alert(1)</script>)',
  '[a](vbscript:msgbox(1))',
  '![a](javascript:alert(1))',
  '![a](data:image/svg+xml;base64,PHN2Zz4=)',
  '![a"onerror="alert(1)](https://example.com/a.png)',
  '[a](https://example.com/"onmouseover="alert(1))',
  '<javascript:alert(1)>',
  '[x]: javascript:alert(1)\n\n[x]',
  '```"onmouseover="alert(1)\ncode\n```',
  '<a id="location" name="body" href="#">clobber</a>',
  '<p style="background:url(https://xss.example/)">x</p>',
  '<img src="http://tracker.example/a.png">',
  '<li id="__proto__">x</li>',
];

/** The tags and attributes of a piece of HTML as a browser would find them, text left aside. */
function anatomy(html: string): { tag: string; attributes: [string, string][] }[] {
  return [...html.matchAll(/<([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*\/?>/g)].map(
    ([, tag = '', attributes = '']) => ({
      tag,
      attributes: [...attributes.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)].map(
        ([, name = '', value = '']): [string, string] => [name, value],
      ),
    }),
  );
}

const harmless = new Set(
  (
    'p br hr h1 h2 h3 h4 h5 h6 blockquote pre code ul ol li a img em strong del ins sub sup b i s u kbd mark small abbr ' +
    'table thead tbody tr th td input section details summary'
  ).split(' '),
);
const harmlessAttributes = new Set(
  'href title rel id src alt loading start class align type disabled checked data-footnote-ref data-footnote-backref data-footnotes aria-label'.split(
    ' ',
  ),
);

/** What a browser takes the address for, on a page of ours. */
function protocolOf(attribute: string): string {
  const address = attribute
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
  return new URL(address, 'https://own.example/').protocol;
}

function expectHarmless(html: string): void {
  const elements = anatomy(html);
  const opened = html.match(/<[^/]/g) ?? [];
  expect(opened).toHaveLength(elements.length);
  for (const { tag, attributes } of elements) {
    expect(harmless).toContain(tag);
    for (const [name, value] of attributes) {
      expect(harmlessAttributes).toContain(name);
      if (name === 'href') expect(['https:', 'http:', 'mailto:']).toContain(protocolOf(value));
      if (name === 'src') expect(value).toMatch(/^https:\/\//);
      if (name === 'id') expect(value).toMatch(/^user-content-/);
    }
  }
}

describe('Markdown', () => {
  it('is CommonMark and GFM', () => {
    const shown = html(
      '# Tour\n\nWe are **on** ~~holiday~~ *tour*, see https://example.com\n\n| City | Day |\n|:--|--:|\n| Oslo | 1 |\n\n- [x] packed\n- [ ] slept\n\n```ts\nlet a = 1 < 2;\n```',
    );
    expect(shown).toContain('<h1>Tour</h1>');
    expect(shown).toContain('<strong>on</strong> <del>holiday</del> <em>tour</em>');
    expect(shown).toContain(
      '<a href="https://example.com" rel="nofollow noopener noreferrer ugc">https://example.com</a>',
    );
    expect(shown).toContain('<th align="left">City</th>');
    expect(shown).toContain('<input type="checkbox" disabled checked />');
    expect(shown).toContain('<code class="language-ts">let a = 1 &lt; 2;');
  });

  it('keeps harmless HTML, and footnotes', () => {
    expect(html('H<sub>2</sub>O<br>x')).toBe('<p>H<sub>2</sub>O<br />x</p>');
    expect(html('a[^1]\n\n[^1]: note')).toContain('id="user-content-fn-1"');
  });

  it.each(vectors)('makes nothing dangerous of %s', (vector) => {
    for (const body of [vector, `text ${vector} text`, `> ${vector}`, `- ${vector}\n\n  ${vector}`]) {
      expectHarmless(html(body));
    }
  });

  it('makes nothing dangerous of vectors put together', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...vectors, '\n\n', '`', '"', '<', '&', '| a |\n|--|\n'), { maxLength: 6 }),
        (parts) => expectHarmless(html(parts.join(''))),
      ),
      { numRuns: 500 },
    );
  });

  it('has words for an excerpt', () => {
    expect(
      renderMarkdown('# A & B\n\n1 < 2 **bold**\n\n- one\n- two\n\n<script>alert(1)</script>').text,
    ).toMatch(/^A & B 1 < 2 bold one two/);
  });

  it('is taken for prose only where that gives the same', () => {
    const word = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          'We',
          'are',
          'on',
          'tour',
          'Größe',
          '東京',
          '🎵',
          '1',
          '2024',
          '(live)',
          '50%',
        ),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          '1.',
          '2)',
          'www.',
          'www.a.de',
          'a/b',
          '...',
          '!',
          '?',
          "don't",
          '—',
          '’',
          ',',
          ';',
          'I.',
          '!(x)',
          '&',
          '#',
          '-',
          '*',
          '  ',
        ),
      },
    );
    const separator = fc.oneof(
      { weight: 8, arbitrary: fc.constant(' ') },
      { weight: 1, arbitrary: fc.constantFrom('\n', '\n\n', '\n\n\n', ' \n', '\n ', '') },
    );
    let taken = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(word, separator), { maxLength: 14 }), (words) => {
        const body = words.flat().join('');
        const rendered = renderProse(body);
        if (rendered) taken++;
        if (rendered) expect(rendered).toEqual(renderAny(body));
      }),
      { numRuns: 4_000 },
    );
    expect(taken).toBeGreaterThan(400);
    const any = fc.string({ unit: fc.constantFrom(..." ,.;?!'()/\n1aW東\u00a0\u2028é"), maxLength: 12 });
    fc.assert(
      fc.property(any, (body) => {
        const rendered = renderProse(body);
        if (rendered) expect(rendered).toEqual(renderAny(body));
      }),
      { numRuns: 4_000 },
    );
  });
});
