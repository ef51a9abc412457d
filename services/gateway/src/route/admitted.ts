import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Credential } from '../credential/credentials.js';
import type { Route } from './route.js';

/** A request that was let in. */
export interface Admitted {
  readonly route: Route;
  readonly who: Credential;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly deadline: number;
}
