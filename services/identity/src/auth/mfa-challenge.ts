import { Injectable } from '@nestjs/common';
import type { Context } from '@erato/contracts/kit/context';
import { Failure } from '@erato/contracts/kit/failure';
import { mfaRequired } from '@erato/contracts/identity/auth';
import { Workos } from '../workos/workos.js';

/** Starts the challenge of a second factor, so that the refusal which asks for it tells all that the next call needs. */
@Injectable()
export class MfaChallenge {
  constructor(private readonly workos: Workos) {}

  /** What to throw in place of what was thrown: the same, and with `mfa_required` the challenge's id. */
  async challenged(context: Context, error: unknown): Promise<unknown> {
    if (!(error instanceof Failure) || error.code !== mfaRequired.code) return error;
    const asked: unknown = error.extra?.['next'];
    const authenticationFactorId: unknown =
      typeof asked === 'object' && asked !== null ? Reflect.get(asked, 'authenticationFactorId') : null;
    if (typeof authenticationFactorId !== 'string') return error;
    const challenge = await this.workos.ask(context, (sdk) =>
      sdk.multiFactorAuth.challengeFactor({ authenticationFactorId }),
    );
    return mfaRequired({
      extra: { next: { ...(asked as object), authenticationChallengeId: challenge.id } },
    });
  }
}
