import type { Parameters } from './parameters.js';
import { Verdict } from './verdict.js';
import type { Kind, Viewer } from './viewer.js';

const isShown = { resource: 'r.shown', workspace: `r.visibility = 'public'` } as const;

/**
 * Whether the viewer may read the row `r`, a workspace or a resource that is LISTED and published, as an SQL condition: for rows
 * that something else names. Lists that read from the table itself have a statement of their own (listing.ts). What is shown to
 * everyone is looked at closer only where a row about an audience stands on its path, or any about the viewer anywhere.
 */
export function mayRead(kind: Kind, viewer: Viewer, into: Parameters): string {
  if (viewer.administrator) return 'true';
  const verdict = new Verdict(kind, viewer, into);
  const read = verdict.may('read');
  if (viewer.ceiling) return read;
  const isAddressed = viewer.people.length + viewer.organizations.length > 0;
  const nobody = isAddressed
    ? ` AND NOT EXISTS (SELECT FROM access_rows WHERE subject_key = ANY (${verdict.subjects()}))`
    : '';
  return `CASE WHEN ${isShown[kind]} AND NOT r.static_rows${nobody} THEN true ELSE ${read} END`;
}
