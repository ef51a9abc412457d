import { createHash } from 'node:crypto';
import { Markup } from '@erato/platform/html/markup';

const sans = `Inter,system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif`;
const serif = `'Iowan Old Style','Palatino Linotype',Palatino,'URW Palladio L',P052,Georgia,'Liberation Serif',serif`;

/** The one style sheet of all pages; colours are the properties of each page's theme. */
const rules = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;font:1.0625rem/1.6 ${sans};color:var(--ink);background:var(--bg);overflow-wrap:anywhere;min-height:100vh;display:flex;flex-direction:column}
main{flex:1;width:100%;margin:0 auto;padding:0 clamp(1.1rem,4vw,2.5rem)}
h1,h2,h3,p,ul,ol{margin:0}
h1{font-size:clamp(2.1rem,6vw,3.5rem);line-height:1.04;letter-spacing:-.035em;font-weight:800;text-wrap:balance}
h2{font-size:1.35rem;line-height:1.2;letter-spacing:-.02em;font-weight:750}
h3{font-size:1.0625rem;line-height:1.3;letter-spacing:-.01em;font-weight:650}
ul,ol{padding:0;list-style:none}
a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:.08em}
:focus-visible{outline:3px solid var(--link);outline-offset:3px;border-radius:.4rem}
svg{display:block}
.icon{width:1.35rem;height:1.35rem;fill:currentColor;flex:none}
.skip{position:absolute;left:1rem;top:-4rem;z-index:2;background:var(--card);padding:.6rem 1rem;border-radius:.6rem}
.skip:focus{top:1rem}
.kind{font-size:.78rem;font-weight:700;letter-spacing:.11em;text-transform:uppercase;color:var(--link)}
.meta{font-size:.9rem;color:var(--soft)}
.art{width:100%;height:auto;aspect-ratio:1;border-radius:.9rem}
.banner{width:100%;height:clamp(9.5rem,25vw,20rem)}
.face{border-radius:30%;font-family:${sans}}
.say{font:italic 1.22rem/1.5 ${serif};border-left:.22rem solid var(--fill);padding-left:1rem;white-space:pre-line}
.about{white-space:pre-line;color:var(--soft)}
.pages{display:flex;justify-content:space-between;gap:1rem;margin-top:2.25rem}
.pages a,.chips a{display:inline-flex;align-items:center;gap:.55rem;min-height:2.9rem;padding:.3rem 1.1rem;border:1px solid var(--line);border-radius:2rem;background:var(--card);color:var(--ink);text-decoration:none;font-weight:600;font-size:.95rem}
.pages .next{margin-left:auto}
.chips{display:flex;flex-wrap:wrap;gap:.6rem}
footer{padding:3.5rem 1.5rem 2rem;text-align:center;font-size:.85rem;color:var(--soft)}
.artist{max-width:76rem}
.artist .face{width:8.5rem;height:8.5rem;border:.35rem solid var(--bg);margin:-4.6rem 0 1.1rem -.35rem;position:relative}
.artist .who>*+*{margin-top:1rem}
.artist .who h1{margin-top:.25rem}
.artist section+section{margin-top:3rem}
.artist h2{margin-bottom:1.1rem}
.covers{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(11.5rem,44%),1fr));gap:1.75rem 1.25rem}
.covers li,.words li{position:relative}
.covers h3{margin-top:.75rem}
.covers a,.words h3 a{color:inherit;text-decoration:none}
.covers a::after,.words h3 a::after{content:'';position:absolute;inset:0}
.words li{padding:1.35rem 0;border-top:1px solid var(--line)}
.words li>*+*{margin-top:.45rem}
.words h3{font-size:1.3rem;letter-spacing:-.02em}
.words p:not(.meta,.say){color:var(--soft)}
.meta a{color:inherit}
.link main{max-width:66rem;padding-top:clamp(1.5rem,6vw,5rem)}
.link{background:radial-gradient(70rem 34rem at 50% -12rem,var(--haze),transparent) no-repeat var(--bg)}
.cover{max-width:21rem;margin:0 auto 1.75rem}
.cover .art{border-radius:1.4rem;box-shadow:0 1.4rem 3.5rem -1.2rem #0009}
.head>*+*{margin-top:.7rem}
.by{font-size:1.1rem}
.by a{font-weight:650}
.head .lead{font:italic 1.15rem/1.55 ${serif};color:var(--soft)}
.go{display:grid;gap:.7rem;margin-top:1.75rem}
.go a{display:flex;align-items:center;gap:.95rem;min-height:3.6rem;padding:.65rem 1.2rem;border-radius:1.1rem;background:var(--card);border:1px solid var(--line);color:var(--ink);text-decoration:none;font-weight:650}
.go a span:first-of-type{line-height:1.25}
.verb{margin-left:auto;font-size:.88rem;font-weight:600;color:var(--soft)}
.go li:first-child a{background:var(--fill);border-color:var(--fill);color:var(--on)}
.go li:first-child .verb{color:inherit}
.list{margin-top:2.5rem}
.list h3{margin:1.5rem 0 .25rem}
.tracks{margin-top:.6rem}
.tracks li{display:flex;gap:1rem;align-items:baseline;padding:.72rem 0;border-bottom:1px solid var(--line)}
.tracks span{min-width:1.6rem;color:var(--soft);font-variant-numeric:tabular-nums}
.tracks time{margin-left:auto;color:var(--soft);font-variant-numeric:tabular-nums}
.tracks a{color:inherit;text-decoration:none;font-weight:550}
.read main{max-width:46rem;padding-top:clamp(2rem,7vw,5rem)}
.read .by{display:flex;flex-wrap:wrap;align-items:center;gap:.3rem .8rem;font-size:1rem}
.read .small{font-size:1.6rem}
.read .say{font-size:clamp(1.5rem,5vw,2.1rem);line-height:1.35;margin:1.75rem 0}
.prose{font:1.16rem/1.72 ${serif};margin-top:2.25rem}
.prose>*+*{margin-top:1.15em}
.prose h2,.prose h3,.prose h4,.prose h5,.prose h6{font-family:${sans};line-height:1.25;margin-top:1.8em}
.prose ul,.prose ol{padding-left:1.5em;list-style:disc}
.prose ol{list-style:decimal}
.prose blockquote{margin-left:0;margin-right:0;padding-left:1.1rem;border-left:.22rem solid var(--fill);color:var(--soft)}
.prose pre,.prose code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.88em}
.prose pre{white-space:pre-wrap;background:var(--card);border:1px solid var(--line);border-radius:.7rem;padding:1rem}
.prose hr{border:0;border-top:1px solid var(--line)}
.prose mark{background:var(--fill);color:var(--on)}
.wide{overflow-x:auto;font-family:${sans};font-size:.95rem;overflow-wrap:normal}
.wide table{border-collapse:collapse}
.wide th,.wide td{border-bottom:1px solid var(--line);padding:.5rem .8rem;text-align:left}
.wide .right{text-align:right}
.wide .center{text-align:center}
.sorry main{max-width:40rem;padding-top:18vh}
.sorry main>*+*{margin-top:1.1rem}
@media (min-width:56rem){
.artist{display:grid;grid-template-columns:19rem minmax(0,1fr);gap:4rem}
.artist .rest{padding-top:2.5rem}
.artist .face{width:10.5rem;height:10.5rem;margin-top:-6rem}
.artist h1{font-size:2.9rem}
.duo{display:grid;grid-template-columns:minmax(0,25rem) minmax(0,1fr);gap:4.5rem;align-items:start}
.duo .cover{max-width:none;margin:0;position:sticky;top:2.5rem}
}
@media (max-width:55.99rem){
.link .head{text-align:center}
.artist .rest{margin-top:3rem}
}
@media (hover:hover){
a:hover,.covers li:hover h3 a,.words h3 a:hover,.tracks a:hover{text-decoration:underline}
.go a:hover,.chips a:hover,.pages a:hover{border-color:var(--link);text-decoration:none}
}
@media (prefers-reduced-motion:no-preference){
html{scroll-behavior:smooth}
.go a,.covers .art{transition:transform .18s ease}
.go a:hover{transform:translateY(-2px)}
.covers li:hover .art{transform:scale(1.025)}
}
@media print{.banner,.pages,.skip{display:none}}
`.replaceAll(/\n/g, '');

/** A style sheet within a page, and what the page's Content-Security-Policy calls it. */
export interface Style {
  readonly element: Markup;
  readonly source: string;
}

/** The hash is of every character between the tags. */
export const styleOf = (css: string): Style => ({
  element: new Markup(`<style>${css}</style>`),
  source: `'sha256-${createHash('sha256').update(css).digest('base64')}'`,
});

export const commonStyle = styleOf(rules);
