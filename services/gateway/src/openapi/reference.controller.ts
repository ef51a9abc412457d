import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { tables } from '@erato/contracts/catalogue';
import { LOG, type Log } from '@erato/platform/service/log';
import { handRoutes } from '../introspection/hand-routes.js';
import { noSuchRoute } from '../problem/failures.js';
import { Problems } from '../problem/problems.js';
import { openApi, type Descriptions } from './openapi.js';
import { problemList, problemPage } from './problem-list.js';

const assets: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Erato API reference</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<main id="reference"></main>
<script src="/docs/swagger-ui-bundle.js" defer></script>
<script src="/docs/start.js" defer></script>
</html>
`;

const start = `SwaggerUIBundle({
  url: '/openapi.json', dom_id: '#reference', deepLinking: true, filter: true, tryItOutEnabled: true,
  displayOperationId: true, docExpansion: 'list', defaultModelsExpandDepth: 0, validatorUrl: null,
});
`;

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/** `GET /openapi.json`, and `GET /docs`: a readable reference with a try-it console, everything served from here. */
@Controller()
export class ReferenceController {
  readonly #document: Promise<string>;

  constructor(
    private readonly problems: Problems,
    @Inject(LOG) log: Log,
  ) {
    this.#document = readDescriptions(log).then((descriptions) =>
      JSON.stringify(openApi(tables, handRoutes, descriptions)),
    );
  }

  @Get('openapi.json')
  async document(@Res() reply: FastifyReply): Promise<void> {
    const body = await this.#document;
    void reply
      .type('application/json; charset=utf-8')
      .header('Cache-Control', 'public, max-age=60')
      .send(body);
  }

  @Get('docs')
  page(@Res() reply: FastifyReply): void {
    void reply.header('Content-Security-Policy', policy).type('text/html; charset=utf-8').send(page);
  }

  @Get('docs/problems')
  codes(@Res() reply: FastifyReply): void {
    const body = problemPage(problemList(tables, handRoutes));
    void reply.header('Content-Security-Policy', policy).type('text/html; charset=utf-8').send(body);
  }

  @Get('docs/:file')
  async asset(
    @Param('file') file: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    reply.header('Content-Security-Policy', policy).header('Cache-Control', 'public, max-age=3600');
    if (file === 'start.js') return void reply.type('text/javascript; charset=utf-8').send(start);
    const type = Object.hasOwn(assets, file) ? assets[file] : undefined;
    if (!type) {
      this.problems.send(reply, request, noSuchRoute());
      return;
    }
    const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
    void reply.type(type).send(await readFile(join(folder, file)));
  }
}

/** The doc comments lie beside the built code; run from its sources, the reference goes without them. */
async function readDescriptions(log: Log): Promise<Descriptions> {
  try {
    const catalogue = import.meta.resolve('@erato/contracts/catalogue');
    return JSON.parse(await readFile(new URL('descriptions.json', catalogue), 'utf8')) as Descriptions;
  } catch {
    log.debug('the reference has no descriptions: this is not a build');
    return {};
  }
}
