import { createHash } from 'node:crypto';
import { cursorInvalid } from '@erato/contracts/kit/failure';
import type { Page } from '@erato/contracts/kit/call';

interface Asked {
  readonly limit?: number;
  readonly after?: string;
  readonly before?: string;
}

/**
 * WorkOS' cursors inside ours: opaque, and bound to the list for which they were made, so that one of another filter or
 * sort is refused with `cursor_invalid`.
 */
export class ListCursor {
  readonly limit: number;
  readonly #digest: string;
  readonly #asked: Asked;

  constructor(asked: Asked, list: readonly unknown[]) {
    if (asked.after !== undefined && asked.before !== undefined) {
      throw cursorInvalid({ detail: 'Give after or before, not both.' });
    }
    this.#asked = asked;
    this.limit = asked.limit ?? 20;
    this.#digest = createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 12);
  }

  /** What to ask WorkOS for. */
  get options(): { limit: number; after?: string; before?: string } {
    const { after, before } = this.#asked;
    return {
      limit: this.limit,
      ...(after === undefined ? {} : { after: this.#read(after) }),
      ...(before === undefined ? {} : { before: this.#read(before) }),
    };
  }

  page<T>(
    data: readonly T[],
    at: { before?: string | null; after?: string | null },
    total?: number,
  ): Page<T> {
    return {
      data,
      meta: {
        limit: this.limit,
        after: at.after ? this.#write(at.after) : null,
        before: at.before ? this.#write(at.before) : null,
        ...(total === undefined ? {} : { total }),
      },
    };
  }

  #write(id: string): string {
    return Buffer.from(JSON.stringify(['workos', this.#digest, id])).toString('base64url');
  }

  #read(cursor: string): string {
    try {
      const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
      if (Array.isArray(read) && read[0] === 'workos' && read[1] === this.#digest) {
        const id: unknown = read[2];
        if (typeof id === 'string' && /^[a-z_]+_[0-9A-Za-z]+$/.test(id)) return id;
      }
    } catch {
      // Not one of ours.
    }
    throw cursorInvalid();
  }
}
