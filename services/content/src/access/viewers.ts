import { Injectable } from '@nestjs/common';
import type { Context } from '@erato/contracts/kit/context';
import { Policy } from '@erato/policy/client/policy';
import { Projection } from './projection.js';
import { viewerOf, type Viewer } from './viewer.js';

/** Who asks, with all that decides what statements show him; waits for the permissions that the request names. */
@Injectable()
export class Viewers {
  constructor(
    private readonly policy: Policy,
    private readonly projection: Projection,
  ) {}

  async of(context: Context): Promise<Viewer> {
    if (context.consistency !== undefined) await this.projection.reach(context.consistency, context.deadline);
    const { subject, actions } = await this.policy.viewer(context);
    return viewerOf(context.caller, subject, actions);
  }
}
