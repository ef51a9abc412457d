import { Inject } from '@nestjs/common';
import type { Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { invalidField } from '@erato/contracts/kit/failure';
import {
  auth,
  type AskLoginUrl,
  type LoginUrl,
  type RequestToken,
  type Tokens,
} from '@erato/contracts/identity/auth';
import { Serves } from '@erato/platform/transport/serves';
import { IDENTITY_CONFIG, type IdentityConfig } from '../config.js';
import { Workos } from '../workos/workos.js';
import { RequestTokenWrite } from './request-token.js';

@Serves(auth)
export class AuthHandlers implements Handlers<typeof auth> {
  constructor(
    private readonly tokens: RequestTokenWrite,
    private readonly workos: Workos,
    @Inject(IDENTITY_CONFIG) private readonly config: IdentityConfig,
  ) {}

  token(input: RequestToken, context: Context): Promise<Tokens> {
    return this.tokens.run(input, context);
  }

  /** Compared whole with the allow list: a prefix would let a code go to whoever owns a longer address. */
  loginUrl(input: AskLoginUrl): Promise<LoginUrl> {
    return Promise.resolve({ url: this.#address(input) });
  }

  #address(input: AskLoginUrl): string {
    const { redirectUri, state, codeChallenge, provider = 'authkit', screenHint } = input;
    if (!this.config.redirectUris.includes(redirectUri)) {
      throw invalidField('redirectUri', 'not_allowed', 'is not on the allow list');
    }
    const pkce = codeChallenge ? { codeChallenge, codeChallengeMethod: 'S256' as const } : {};
    return this.workos.sdk.userManagement.getAuthorizationUrl({
      clientId: this.workos.clientId,
      redirectUri,
      provider,
      ...pkce,
      ...(state === undefined ? {} : { state }),
      ...(screenHint !== undefined && provider === 'authkit' ? { screenHint } : {}),
    });
  }
}
