import type { FailureType } from '@erato/contracts/kit/failure';
import type { CallTable } from '@erato/contracts/kit/call';
import { fieldCodes } from '@erato/platform/transport/validator';
import type { HandRoute } from '../introspection/hand-routes.js';
import { methodNotAllowed, noSuchRoute, originNotAllowed } from '../problem/failures.js';
import { problemType, statusOf } from '../problem/problem.js';
import { failuresOf, routesIn } from '../route/route.js';

/** One code of a problem document, as the list of them shows it. */
export interface ListedProblem {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly type: string;
}

const listed = ({ code, kind, title }: FailureType): ListedProblem => ({
  code,
  status: code === methodNotAllowed.code ? 405 : statusOf[kind],
  title,
  type: problemType(code),
});

/** Every code that a route can answer with, and those of what is no route, by status and code; each once. */
export function problemList(tables: readonly CallTable[], byHand: readonly HandRoute[]): ListedProblem[] {
  const known = [
    ...routesIn(tables).flatMap(failuresOf),
    ...byHand.flatMap(({ fails }) => fails),
    ...[noSuchRoute, methodNotAllowed, originNotAllowed],
  ];
  const byCode = new Map(known.map((type) => [type.code, listed(type)]));
  return [...byCode.values()].sort((a, b) => a.status - b.status || a.code.localeCompare(b.code));
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

const row = ({ code, status, title }: ListedProblem): string =>
  `<tr id="${escaped(code)}"><td><code>${escaped(code)}</code><td>${String(status)}<td>${escaped(title)}`;

/** The list for people: `GET /docs/problems`. */
export const problemPage = (problems: readonly ListedProblem[]): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Erato: problem codes</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
  td, th { border-bottom: 1px solid #ddd; padding: .3rem .6rem; text-align: left; vertical-align: top }
</style>
<h1>Problem codes</h1>
<p>What goes wrong is answered with <code>application/problem+json</code> (RFC 9457). <code>code</code> is stable; titles and
details are for people and may change. <a href="/docs">The reference</a> says which route answers with which.</p>
<table><thead><tr><th>Code<th>Status<th>Meaning<tbody>${problems.map(row).join('\n')}</table>
<h2>Codes of fields</h2>
<p>In <code>errors</code>, each with the path of the field. Rules of one domain add their own, which its routes describe.</p>
<p>${fieldCodes.map((code) => `<code>${escaped(code)}</code>`).join(', ')}</p>
</html>
`;
