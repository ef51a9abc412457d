import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure, throttled } from '@erato/contracts/kit/failure';
import { Problems } from '../problem/problems.js';
import { Rates } from '../rate/rates.js';
import { etagMatches } from '../route/headers.js';
import type { Document } from './document.js';
import { sendErrorPage, takesPages } from './refusal.js';

/** What a page's route answers with: a body that may be kept for as long as it stays the same, or an address to go to. */
export interface PageAnswer {
  readonly type: 'text/html; charset=utf-8' | 'application/atom+xml; charset=utf-8';
  readonly body: string;
  readonly policy?: string;
}

export const htmlAnswer = ({ html, policy }: Document): PageAnswer => ({
  type: 'text/html; charset=utf-8',
  body: html,
  policy,
});

/**
 * Answers fans: pages for what is there, the same for everyone, so nothing varies; and for what is not, a page where a browser asks, else a
 * problem document.
 */
@Injectable()
export class PageAnswers {
  constructor(
    private readonly problems: Problems,
    private readonly rates: Rates,
  ) {}

  /** Counts the request against its address, then answers with what `make` gives or throws. Null: `make` has answered itself. */
  async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    make: () => Promise<PageAnswer | null>,
  ): Promise<void> {
    reply.removeHeader('Vary');
    try {
      const rate = this.rates.takeGuest(request);
      reply.headers(rate.headers);
      if (!rate.allowed) throw throttled({ retryAfter: rate.retryAfter });
      const made = await make();
      if (made) send(request, reply, made);
    } catch (error) {
      this.#refuse(request, reply, error);
    }
  }

  /**
   * The same below an address that could be guessed: who asked for too much that is not there is held for a while, whatever
   * he asks for (security.md, "Drafts and private things").
   */
  async answerUnguessed(
    request: FastifyRequest,
    reply: FastifyReply,
    make: () => Promise<PageAnswer | null>,
  ): Promise<void> {
    await this.answer(request, reply, async () => {
      this.rates.takeGuess(request);
      let missed = false;
      try {
        return await make();
      } catch (error) {
        missed = error instanceof Failure && error.kind === 'not-found';
        throw error;
      } finally {
        if (!missed) this.rates.giveGuessBack(request);
      }
    });
  }

  #refuse(request: FastifyRequest, reply: FastifyReply, error: unknown): void {
    if (!takesPages(request)) {
      this.problems.send(reply.header('Vary', 'Accept'), request, error);
      return;
    }
    const { status } = this.problems.of(error, request);
    if (status >= 500) this.problems.note(request, error);
    const retryAfter = error instanceof Failure ? error.retryAfter : undefined;
    if (retryAfter !== undefined) reply.header('Retry-After', String(retryAfter));
    sendErrorPage(reply, status, request.id);
  }
}

function send(request: FastifyRequest, reply: FastifyReply, { type, body, policy }: PageAnswer): void {
  const etag = `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  reply.headers({ ETag: etag, 'Cache-Control': 'public, max-age=0, must-revalidate' });
  if (policy !== undefined) reply.header('Content-Security-Policy', policy);
  if (etagMatches(request.headers['if-none-match'], etag)) void reply.code(304).send();
  else void reply.type(type).send(body);
}
