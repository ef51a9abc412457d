import { createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { ownWrite } from '../background/own-write.js';

/** The first to come on a day draws its salt for all replicas. */
const draw = statement(`
  WITH drawn AS (INSERT INTO visitor_salts (day, salt) VALUES ($1, $2) ON CONFLICT (day) DO NOTHING RETURNING salt)
  SELECT salt FROM drawn UNION ALL SELECT salt FROM visitor_salts WHERE day = $1 LIMIT 1`);

/** The day of a time, as tables name it. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/**
 * Turns what tells visitors apart into digests that mean nothing beyond the day: the day's salt is drawn at random and thrown
 * away after it, so that nobody can be followed from one day to the next, or be looked up in what is left.
 */
@Injectable()
export class VisitorSalts {
  #day = '';
  #salt: Promise<Buffer> | undefined;

  constructor(private readonly db: Db) {}

  /** The digest of a visitor; null where the day's salt cannot be had, which must not keep anyone from following a link. */
  async digest(visitor: string, at: Date): Promise<Buffer | null> {
    const salt = await this.#of(dayOf(at)).catch(() => null);
    return salt && createHmac('sha256', salt).update(visitor).digest();
  }

  #of(day: string): Promise<Buffer> {
    if (this.#day === day && this.#salt) return this.#salt;
    const salt = this.#draw(day);
    this.#day = day;
    this.#salt = salt;
    salt.catch(() => {
      if (this.#salt === salt) this.#salt = undefined;
    });
    return salt;
  }

  async #draw(day: string): Promise<Buffer> {
    for (;;) {
      const drawn = await this.db.transaction(ownWrite(2_000), (tx) =>
        tx.row<{ salt: Buffer }>(draw, [day, randomBytes(32)]),
      );
      // None: somebody else drew it while this statement ran, and the next one sees it.
      if (drawn) return drawn.salt;
    }
  }
}
