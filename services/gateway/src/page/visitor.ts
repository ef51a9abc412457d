import type { FastifyRequest } from 'fastify';

/** Programs that say what they are: they follow links and hear nothing. */
const robot = /bot\b|crawl|spider|slurp|preview|fetch|monitor|curl\/|wget\/|python-|headless/i;

/** Whether somebody followed the link: not a look at where it leads, a page loaded ahead, or a program. */
export function isCounted({ method, headers }: FastifyRequest): boolean {
  const purpose = [headers['sec-purpose'], headers['purpose'], headers['x-moz']].join(' ');
  return (
    method === 'GET' &&
    !/prefetch|prerender|preview/i.test(purpose) &&
    !robot.test(headers['user-agent'] ?? '')
  );
}

/** What tells one visitor from another; content keeps none of it. */
export const visitorOf = ({ headers }: FastifyRequest, address: string): string =>
  `${address} ${headers['user-agent'] ?? ''}`.slice(0, 1_000);
