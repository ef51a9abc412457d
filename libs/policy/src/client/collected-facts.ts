import type { ActionTable } from '../actions.js';
import type { CompiledObject, CompiledSubject } from '../compile.js';
import type { ObjectRef } from '../facts.js';
import { RefMap } from '../ref-map.js';

/** Facts for decisions: all that was asked for, and the revision that all of them have at least. */
export class Facts {
  readonly subjects = new RefMap<CompiledSubject>();
  readonly objects = new RefMap<CompiledObject>();
  revision = Number.MAX_SAFE_INTEGER;

  constructor(readonly actions: ActionTable) {}

  addSubject(ref: ObjectRef, subject: CompiledSubject, revision: number): void {
    this.subjects.set(ref, subject);
    this.revision = Math.min(this.revision, revision);
  }

  addObject(ref: ObjectRef, object: CompiledObject, revision: number): void {
    this.objects.set(ref, object);
    this.revision = Math.min(this.revision, revision);
  }
}
