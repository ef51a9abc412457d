import type { ActionTable } from '../actions.js';
import type { CompiledObject, CompiledSubject } from '../compile.js';

/** Facts for decisions: all that was asked for, and the revision that all of them have at least. */
export class Facts {
  readonly subjects = new Map<string, CompiledSubject>();
  readonly objects = new Map<string, CompiledObject>();
  revision = Number.MAX_SAFE_INTEGER;

  constructor(readonly actions: ActionTable) {}

  addSubject(key: string, subject: CompiledSubject, revision: number): void {
    this.subjects.set(key, subject);
    this.revision = Math.min(this.revision, revision);
  }

  addObject(key: string, object: CompiledObject, revision: number): void {
    this.objects.set(key, object);
    this.revision = Math.min(this.revision, revision);
  }
}
