import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG } from '../config-token.js';
import type { GatewayConfig } from '../config.js';
import { Rates } from '../rate/rates.js';

/** A host and port as a `Host` header names them. */
const host = /^(?:[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** Where pages are for those who read them elsewhere: networks, search engines, feed readers. */
@Injectable()
export class Origins {
  constructor(
    private readonly rates: Rates,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** `ERATO_PUBLIC_URL`; else what the request was sent to. Never with a slash at the end. */
  of(request: FastifyRequest): string {
    const { publicUrl } = this.config;
    if (publicUrl !== null) return publicUrl;
    const named = request.headers.host ?? '';
    return `${this.rates.overTls(request) ? 'https' : 'http'}://${host.test(named) ? named.toLowerCase() : 'localhost'}`;
  }
}
