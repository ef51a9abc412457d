import { Inject, Injectable } from '@nestjs/common';
import { decodeJwt } from 'jose';
import type { Context } from '@erato/contracts/kit/context';
import { invalid, internal } from '@erato/contracts/kit/failure';
import { grantDisabled, type RequestToken, type Tokens } from '@erato/contracts/identity/auth';
import { Db } from '@erato/platform/database/db';
import { statement } from '@erato/platform/database/statement';
import { writeContext } from '@erato/platform/database/write-context';
import { LOG, type Log } from '@erato/platform/service/log';
import { IDENTITY_CONFIG, type IdentityConfig } from '../config.js';
import { mirrorUser } from '../user/mirror-user.js';
import type { WorkosUser } from '../workos/objects.js';
import { Workos } from '../workos/workos.js';
import { checkGrant } from './grant.js';
import { MfaChallenge } from './mfa-challenge.js';
import { signInRefusals } from './sign-in-refusals.js';
import { SignInTries } from './sign-in-tries.js';

const signedIn = statement(`
  UPDATE users SET last_sign_in_at = $2, version = version + 1
  WHERE id = $1 AND deleted_at IS NULL AND (last_sign_in_at IS NULL OR last_sign_in_at < $2)`);

interface Answer {
  readonly user: WorkosUser;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly organizationId?: string;
}

/** Exchanges a grant for WorkOS' tokens. */
@Injectable()
export class RequestTokenWrite {
  constructor(
    private readonly db: Db,
    private readonly workos: Workos,
    private readonly tries: SignInTries,
    private readonly mfa: MfaChallenge,
    @Inject(IDENTITY_CONFIG) private readonly config: IdentityConfig,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async run(input: RequestToken, context: Context): Promise<Tokens> {
    checkGrant(input);
    if (input.grantType === 'password' && !this.config.passwordGrant) throw grantDisabled();
    const guessed = accountOf(input);
    const succeeded = guessed === null ? null : await this.tries.begin(context, guessed);
    const answer = await this.#exchange(input, context);
    await succeeded?.();
    await this.#note(answer.user, context);
    const { exp, iat } = decodeJwt(answer.accessToken);
    if (exp === undefined) throw internal({ cause: new Error('an access token without an end') });
    return {
      accessToken: answer.accessToken,
      refreshToken: answer.refreshToken,
      tokenType: 'Bearer',
      expiresIn: Math.max(0, exp - (iat ?? Math.floor(Date.now() / 1000))),
      userId: answer.user.id,
      organizationId: answer.organizationId ?? null,
    };
  }

  async #exchange(input: RequestToken, context: Context): Promise<Answer> {
    const { clientId } = this.workos;
    const { code = '', refreshToken = '', email = '', password = '', organizationId } = input;
    const { codeVerifier = '', pendingAuthenticationToken = '', authenticationChallengeId = '' } = input;
    const pending = { clientId, pendingAuthenticationToken };
    const ask = (work: Parameters<Workos['ask']>[1]): Promise<unknown> =>
      this.workos.ask(context, work, { refusals: signInRefusals });
    try {
      return (await ask(({ userManagement: users }) => {
        switch (input.grantType) {
          case 'authorization_code':
            return users.authenticateWithCode({ clientId, code, codeVerifier });
          case 'refresh_token':
            return users.authenticateWithRefreshToken({
              clientId,
              refreshToken,
              ...(organizationId === undefined ? {} : { organizationId }),
            });
          case 'password':
            return users.authenticateWithPassword({ clientId, email, password });
          case 'email_verification':
            return users.authenticateWithEmailVerification({ ...pending, code });
          case 'mfa_totp':
            return users.authenticateWithTotp({ ...pending, code, authenticationChallengeId });
          case 'organization_selection':
            if (organizationId === undefined) throw invalid();
            return users.authenticateWithOrganizationSelection({ ...pending, organizationId });
        }
      })) as Answer;
    } catch (error) {
      throw await this.mfa.challenged(context, error);
    }
  }

  /** Whoever signs in is known from here on. The sign-in does not fail over it: the sync tells the same. */
  async #note(user: WorkosUser, context: Context): Promise<void> {
    try {
      await this.db.transaction({ ...writeContext(context), actor: `user:${user.id}` }, async (tx) => {
        await mirrorUser(tx, user);
        if (user.lastSignInAt) await tx.run(signedIn, [user.id, new Date(user.lastSignInAt)]);
      });
    } catch (err) {
      this.log.warn({ err, userId: user.id }, 'a sign-in was not noted');
    }
  }
}

/** What is guessed at, for counting: the account of a password, the sign-in of a code; null where nothing can be guessed. */
function accountOf({ email, grantType, pendingAuthenticationToken }: RequestToken): string | null {
  if (grantType === 'password') return `email ${(email ?? '').toLowerCase()}`;
  const isCode = grantType === 'email_verification' || grantType === 'mfa_totp';
  return isCode ? `pending ${pendingAuthenticationToken ?? ''}` : null;
}
