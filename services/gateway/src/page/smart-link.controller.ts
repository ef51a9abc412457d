import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clicks } from '@erato/contracts/content/click';
import { maxLinks } from '@erato/contracts/content/link';
import { pages } from '@erato/contracts/content/page';
import { shortIdPattern } from '@erato/contracts/content/resource';
import { notFound } from '@erato/contracts/kit/failure';
import { BusCaller, ownContext } from '@erato/platform/transport/caller';
import { Rates } from '../rate/rates.js';
import { Origins } from './origin.js';
import { htmlAnswer, PageAnswers } from './page-answers.js';
import { resourcePage } from './resource-page.js';
import { isCounted, visitorOf } from './visitor.js';

/** `GET /r/{shortId}`, the page of one resource, and `GET /r/{shortId}/{position}`, where one of its links leads. */
@Controller('r')
export class SmartLinkController {
  constructor(
    private readonly bus: BusCaller,
    private readonly answers: PageAnswers,
    private readonly origins: Origins,
    private readonly rates: Rates,
  ) {}

  @Get(':shortId')
  async page(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answers.answerUnguessed(request, reply, async () => {
      const part = numberOf((request.query as { part?: unknown }).part ?? '1', 999);
      const asked = { shortId: shortIdOf(request) };
      const page = await this.bus.call(pages.resource, asked, ownContext({ requestId: request.id }));
      const made = resourcePage(page, this.origins.of(request), part);
      if (!made) throw notFound();
      return htmlAnswer(made);
    });
  }

  @Get(':shortId/:position')
  async follow(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answers.answerUnguessed(request, reply, async () => {
      const position = numberOf((request.params as { position: string }).position, maxLinks);
      const counted = isCounted(request);
      const visitor = counted ? visitorOf(request, this.rates.addressOf(request)) : null;
      const asked = { shortId: shortIdOf(request), position, visitor, counted };
      const { url } = await this.bus.call(clicks.record, asked, ownContext({ requestId: request.id }));
      const headers = { Location: url, 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' };
      void reply.code(302).headers(headers).send();
      return null;
    });
  }
}

function shortIdOf(request: FastifyRequest): string {
  const { shortId } = request.params as { shortId: string };
  if (!shortIdPattern.test(shortId)) throw notFound();
  return shortId;
}

function numberOf(text: unknown, most: number): number {
  const number = typeof text === 'string' && /^[1-9]\d{0,2}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > most) throw notFound();
  return number;
}
