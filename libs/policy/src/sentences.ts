import type { Explanation } from './explain.js';
import type { ObjectRef } from './facts.js';
import type { RowTrace, RuleTrace, Why } from './trace.js';
import type { Change } from './turn.js';

const whys: Record<Why, string> = {
  decides: 'this decides',
  outranked: 'something stronger stands beside it',
  other_action: 'it is about another action',
  not_granted: 'the role does not grant this here',
  unset: 'it is unset, as if not there',
  expired: 'it has expired',
  unknown_action: 'its action does not exist',
  not_in_audience: 'the subject is not one of them here',
  not_held: 'somebody else holds it',
  does_not_count: 'an owner of this element is not one of the object',
};

/** An explanation as sentences, one a line, the answer first. */
export function sentencesOf(explanation: Omit<Explanation, 'sentences'>): string[] {
  const { decision, action, object, subject, actions, turn } = explanation;
  const who = subject.type === 'guest' ? 'A guest' : capital(named(subject));
  const lines = [`${who} ${decision.allowed ? 'may' : 'may not'} ${action} ${named(object)}.`];
  for (const part of actions) {
    const many = part.action !== action;
    if (many)
      lines.push(`${capital(part.action)}, as a part of ${action}: ${part.decision.allowed ? 'yes' : 'no'}.`);
    lines.push(...part.rules.flatMap(rule));
  }
  if (turn) lines.push(`The answer would be ${turn.allowed ? 'yes' : 'no'} if ${change(turn.change)}.`);
  else lines.push('No change of a single row would turn the answer.');
  return lines;
}

function rule(trace: RuleTrace): string[] {
  if (!trace.reached) return [];
  const rows = trace.elements.flatMap(({ element, rows: read }) =>
    read.map((row) => `  ${said(row, element)}`),
  );
  return [verdict(trace), ...rows];
}

function verdict({ rule: name, audience, allowed, element, author }: RuleTrace): string {
  const on = element ? ` on ${named(element)}` : '';
  switch (name) {
    case 'administrator':
      return allowed === true
        ? 'Administrator: yes, the scope admin is held.'
        : 'Administrator: the scope admin is not held.';
    case 'ceiling':
      return allowed === false
        ? `Ceiling: no, the key's scopes or ceiling leave it out${on}.`
        : 'Ceiling: nothing is left out.';
    case 'owner':
      return allowed === true ? `Owner: yes${on}.` : 'Owner: of nothing on the path.';
    case 'default':
      return allowed === true
        ? `Default: yes, for ${author === true ? 'its authors' : 'everyone'}.`
        : 'Default: no.';
    default: {
      const level = `Level ${name}${audience === undefined ? '' : `, ${audience}`}`;
      return allowed === null ? `${level}: silent.` : `${level}: ${allowed ? 'yes' : 'no'}${on}.`;
    }
  }
}

function said(row: RowTrace, element: ObjectRef): string {
  const whom = row.subjectType === 'static' ? row.subjectId : `${row.subjectType} ${row.subjectId}`;
  const id = row.permissionId ?? row.assignmentId;
  const by = id === undefined ? 'membership' : id;
  const what =
    row.value === 'owner'
      ? 'owner'
      : row.value === 'role'
        ? `role ${row.roleSlug ?? ''}`
        : `${row.value} ${row.action ?? ''}`;
  return `${what} for ${whom} on ${named(element)} (${by}): ${whys[row.why]}.`;
}

function change(one: Change): string {
  const on = named({ type: one.objectType, id: one.objectId });
  if (one.kind === 'remove_assignment')
    return `the role assignment ${one.assignmentId} on ${on} were removed`;
  const whom = one.subjectType === 'static' ? one.subjectId : `${one.subjectType} ${one.subjectId}`;
  const row = one.permissionId === null ? 'a permission' : `the permission ${one.permissionId}`;
  const value = one.value === 'unset' ? `about ${one.action} were unset` : `said ${one.value} ${one.action}`;
  return `${row} for ${whom} on ${on} ${value}`;
}

function named({ type, id }: ObjectRef): string {
  return `${type.replaceAll('_', ' ')} ${id}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
