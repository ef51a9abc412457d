import { defaultTreeAdapter as tree, parse, type DefaultTreeAdapterTypes as Dom } from 'parse5';

/** What of a page browsers, search engines and networks read. */
export interface ReadPage {
  readonly title: string;
  readonly heading: string;
  /** By property or name. */
  readonly meta: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly href: string; readonly text: string; readonly rel: string }[];
  readonly text: string;
}

function elementsOf(node: Dom.Node): Dom.Element[] {
  const below = 'childNodes' in node ? node.childNodes.flatMap(elementsOf) : [];
  return tree.isElementNode(node) ? [node, ...below] : below;
}

const textOf = (node: Dom.Node): string =>
  tree.isTextNode(node) ? node.value : 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';

/** Reads a page with a real parser. */
export function readPage(html: string): ReadPage {
  const elements = elementsOf(parse(html));
  const all = (name: string): Dom.Element[] => elements.filter(({ tagName }) => tagName === name);
  const attribute = (element: Dom.Element, name: string): string =>
    element.attrs.find((each) => each.name === name)?.value ?? '';
  const textIn = (name: string): string => all(name).map(textOf).join('');
  const data = textIn('script');
  return {
    title: textIn('title'),
    heading: textIn('h1'),
    meta: Object.fromEntries(
      all('meta').map((meta) => [
        attribute(meta, 'property') || attribute(meta, 'name'),
        attribute(meta, 'content'),
      ]),
    ),
    data: data === '' ? {} : (JSON.parse(data) as Record<string, unknown>),
    links: [...all('a'), ...all('link')].map((link) => ({
      href: attribute(link, 'href'),
      text: textOf(link),
      rel: attribute(link, 'rel'),
    })),
    text: textIn('main'),
  };
}
