import { randomUUID } from 'node:crypto';

interface Scope {
  /** Upper case; any method when absent. */
  readonly method?: string | undefined;
  /** A plain prefix of the path, "/user_management/users". */
  readonly path: string;
  /** How many matching requests it hits; until it is cleared when absent. */
  readonly times?: number | undefined;
  /** The share of matching requests that it hits, 0 to 1; all when absent. */
  readonly rate?: number | undefined;
}

interface MaybeApplied extends Scope {
  /** Whether the request takes effect before its answer is spoiled; false when absent. */
  readonly applied?: boolean | undefined;
}

/** What goes wrong with requests. */
export type Fault =
  | (MaybeApplied & {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfterSeconds?: number | undefined;
    })
  /** Handled and answered, but later. */
  | (Scope & { readonly kind: 'delay'; readonly milliseconds: number })
  /** Never answered; the connection stays open. */
  | (MaybeApplied & { readonly kind: 'silence' })
  /** The connection is cut. */
  | (MaybeApplied & { readonly kind: 'drop' });

/** Faults in force. The oldest that matches hits; one request is hit by one fault alone. */
export class Faults {
  private readonly active = new Map<string, { fault: Fault; left: number }>();

  /** Puts a fault in force; answers its id for `clear`. */
  add(fault: Fault): string {
    const id = randomUUID();
    this.active.set(id, { fault, left: fault.times ?? Infinity });
    return id;
  }

  /** Takes one fault back, or all of them. */
  clear(id?: string): void {
    if (id === undefined) this.active.clear();
    else this.active.delete(id);
  }

  list(): { id: string; fault: Fault }[] {
    return [...this.active].map(([id, { fault }]) => ({ id, fault }));
  }

  /** The fault that hits this request, which counts as one of its times. */
  take(method: string, path: string): Fault | undefined {
    for (const [id, entry] of this.active) {
      const { fault } = entry;
      if (fault.method !== undefined && fault.method !== method) continue;
      if (!path.startsWith(fault.path) || Math.random() >= (fault.rate ?? 1)) continue;
      entry.left -= 1;
      if (entry.left <= 0) this.active.delete(id);
      return fault;
    }
    return undefined;
  }
}
