import { ListOf, Nullable, OneOf, Text, TextList, Whole } from '../kit/fields.js';

/** Names an object of any type: a workspace, a resource, an organization, … */
export class ObjectRef {
  @Text({ min: 1, max: 40, pattern: /^[a-z][a-z_]*$/ }) type: string;
  @Text({ min: 1, max: 64, pattern: /^[A-Za-z0-9_-]+$/ }) id: string;
}

/**
 * What a decision must know of an object beside permission rows (authz.md, Tables, `objects`). Owning services state it in
 * their events and answer it for objects that authz has not heard of.
 */
export class ObjectDescription extends ObjectRef {
  /**
   * The elements one step outwards: a resource's author workspaces, a workspace's organization. A user among them is an
   * author, who may read and update where nothing else answers (content.md, Rules); he is no element of a path.
   */
  @ListOf(() => ObjectRef, { max: 100 }) parents: ObjectRef[];
  /** Who owns it; null where nobody does (an organization). */
  @OneOf(['user', 'organization']) @Nullable() ownerType: 'user' | 'organization' | null;
  @Text({ max: 64 }) @Nullable() ownerId: string | null;
  /** Actions that everybody has by default: `read` on what is public. */
  @TextList({ max: 8, length: 40 }) everyone: string[];
  /** The action as which `read` is decided: `update` for a draft (content.md, Rules). */
  @OneOf(['read', 'update']) readAs: 'read' | 'update';
  /** Counts up with each change of this description; an older one never replaces a newer. */
  @Whole() version: number;
}
