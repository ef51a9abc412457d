import type { ObjectRef } from './facts.js';

/**
 * Values by objects or subjects. The type is looked up first and then the id: to put together a text of both and to look
 * for that takes longer than all the rules of a decision.
 */
export class RefMap<V> implements Iterable<[ref: ObjectRef, value: V]> {
  readonly #byType = new Map<string, Map<string, V>>();

  get({ type, id }: ObjectRef): V | undefined {
    return this.#byType.get(type)?.get(id);
  }

  set({ type, id }: ObjectRef, value: V): void {
    const byId = this.#byType.get(type);
    if (byId) byId.set(id, value);
    else this.#byType.set(type, new Map([[id, value]]));
  }

  *[Symbol.iterator](): Iterator<[ref: ObjectRef, value: V]> {
    for (const [type, byId] of this.#byType) for (const [id, value] of byId) yield [{ type, id }, value];
  }
}
