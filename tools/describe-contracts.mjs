/**
 * Collects the doc comments of the contract classes and their fields for the API reference: the compiler that builds the
 * code drops comments, so they are read from the sources with TypeScript's own parser.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const text = (node) =>
  ts
    .getJSDocCommentsAndTags(node)
    .map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '')
    .join('\n')
    .trim();

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts')) yield path;
  }
}

/** Gives `{ "Class": "…", "Class.field": "…" }` for every class below `folder` that has doc comments. */
export function describeContracts(folder) {
  const found = {};
  for (const path of sources(folder)) {
    const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
    for (const node of file.statements) {
      if (!ts.isClassDeclaration(node) || !node.name) continue;
      const name = node.name.text;
      if (text(node)) found[name] = text(node);
      for (const member of node.members) {
        if (ts.isPropertyDeclaration(member) && ts.isIdentifier(member.name) && text(member)) {
          found[`${name}.${member.name.text}`] = text(member);
        }
      }
    }
  }
  return found;
}
