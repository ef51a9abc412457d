import { ErasureFact } from '../identity/events.js';
import { event } from '../kit/event.js';
import { Id, OneOf, Text, Whole } from '../kit/fields.js';
import { PrincipalRef } from './facts.js';
import { ObjectRef } from './object-description.js';

/**
 * Every event of authz has a revision of its own: that of the one before and one more. A receiver that finds a number
 * missing has missed an event (authz.md, Where it runs).
 */
export class ObjectChanged extends ObjectRef {
  @Whole() revision: number;
}

export class SubjectChanged extends PrincipalRef {
  @Whole() revision: number;
}

export class RoleChanged {
  @Id() roleId: string;
  @OneOf(['system', 'organization', 'workspace', 'artist_space', 'harbor']) scopeType: string;
  @Text({ max: 64 }) scopeId: string;
  @Whole() revision: number;
}

export class ActionChanged {
  @Text({ max: 40 }) slug: string;
  @Whole() revision: number;
}

export const objectChanged = event(
  'authz.object.changed',
  ObjectChanged,
  'Permissions or roles on an object changed, or what authz knows of the object.',
);
export const subjectChanged = event(
  'authz.subject.changed',
  SubjectChanged,
  'What a subject is a part of changed: teams, organizations, audiences.',
);
export const roleChanged = event(
  'authz.role.changed',
  RoleChanged,
  'A role grants something else, appeared or is gone.',
);
export const actionChanged = event(
  'authz.permission-action.changed',
  ActionChanged,
  'An action appeared, implies something else or is gone.',
);

/** Not a change of what decisions read: it has no revision. */
export const authzErasureCompleted = event(
  'authz.erasure.completed',
  ErasureFact,
  'Authz holds no permission, role or membership of a deleted user any more; the trail keeps a pseudonym that means nobody.',
);
