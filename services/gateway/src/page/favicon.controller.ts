import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/** A lyre's strings in a circle. */
const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="16" fill="#3b2a6b"/><path d="M9 7c-1 9 1 15 7 18 6-3 8-9 7-18M13 9v12M16 8v15M19 9v12" fill="none" stroke="#f3d9a4" stroke-width="2" stroke-linecap="round"/></svg>';

/** `GET /favicon.svg`: pages show pictures from here alone, and this is the one. */
@Controller()
export class FaviconController {
  @Get('favicon.svg')
  picture(@Res() reply: FastifyReply): void {
    void reply.type('image/svg+xml').headers({ 'Cache-Control': 'public, max-age=86400' }).send(picture);
  }
}
