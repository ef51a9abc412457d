import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorPage } from './error-page.js';

/** Whether whoever asks is a browser: it names HTML as what it takes. Programs that take anything are given a problem document. */
export function takesPages({ headers: { accept = '' } }: Pick<FastifyRequest, 'headers'>): boolean {
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const isPage = type === 'text/html' || type === 'application/xhtml+xml';
    return isPage && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

/** Whether an address lies where the pages for fans are, whether one is there or not. */
export const isBelowPages = (path: string): boolean =>
  path.startsWith('/@') || path.startsWith('/r/') || path === '/r';

/** Answers with a page that says what is wrong. */
export function sendErrorPage(reply: FastifyReply, status: number, requestId: string): void {
  const { html, policy } = errorPage(status, requestId);
  void reply
    .code(status)
    .headers({ 'Cache-Control': 'no-store', 'Content-Security-Policy': policy, Vary: 'Accept' })
    .type('text/html; charset=utf-8')
    .send(html);
}
