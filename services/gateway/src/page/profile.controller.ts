import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pages } from '@erato/contracts/content/page';
import { slugPattern } from '@erato/contracts/content/workspace';
import { notFound } from '@erato/contracts/kit/failure';
import { BusCaller, ownContext } from '@erato/platform/transport/caller';
import { atomOf } from './feed.js';
import { Origins } from './origin.js';
import { htmlAnswer, PageAnswers } from './page-answers.js';
import { entriesPerPage, profilePage } from './profile-page.js';

/** `GET /@{slug}`, a workspace's public page, and `GET /@{slug}/feed.xml`, its Atom feed. */
@Controller()
export class ProfileController {
  constructor(
    private readonly bus: BusCaller,
    private readonly answers: PageAnswers,
    private readonly origins: Origins,
  ) {}

  @Get('@:slug')
  async page(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answers.answer(request, reply, async () => {
      const position = positionOf(request);
      const asked = { slug: slugOf(request), limit: entriesPerPage, ...position };
      const page = await this.bus.call(pages.workspace, asked, ownContext({ requestId: request.id }));
      return htmlAnswer(profilePage(page, this.origins.of(request)));
    });
  }

  @Get('@:slug/feed.xml')
  async feed(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.answers.answer(request, reply, async () => {
      const asked = { slug: slugOf(request) };
      const page = await this.bus.call(pages.feed, asked, ownContext({ requestId: request.id }));
      const body = atomOf(page, this.origins.of(request));
      return { type: 'application/atom+xml; charset=utf-8', body };
    });
  }
}

/** A slug is written in lower case, whoever types it; what cannot be one is not there. */
function slugOf(request: FastifyRequest): string {
  const slug = (request.params as { slug: string }).slug.toLowerCase();
  if (slug.length < 2 || slug.length > 50 || !slugPattern.test(slug)) throw notFound();
  return slug;
}

/** Where in the list; other parameters are other people's (campaigns, trackers) and mean nothing here. */
function positionOf({ query }: FastifyRequest): { after?: string; before?: string } {
  const { after, before } = query as Record<string, unknown>;
  if (typeof after === 'string' && after !== '') return { after };
  return typeof before === 'string' && before !== '' ? { before } : {};
}
