import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkOS } from '@workos-inc/node';
import { decodeJwt } from 'jose';
import { aWorkos, CLIENT_ID, type Fixture } from './workos-fixture.js';

const PASSWORD = 'correct horse battery';
const BACK = 'http://localhost:3000/callback?keep=1';
let workos: Fixture;
let um: WorkOS['userManagement'];
let n = 0;

beforeAll(async () => {
  workos = await aWorkos({ redirectUris: ['https://app.example/callback'] });
  um = workos.sdk.userManagement;
});
afterAll(() => workos.close());

const unescape = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

/** What a browser does: reads the page's form, fills it in, sends it. */
class Browser {
  private page = '';
  response: Response | undefined;

  async open(url: string): Promise<this> {
    this.response = await fetch(url, { redirect: 'manual' });
    this.page = await this.response.text();
    return this;
  }

  async submit(fields: Record<string, string>, headers: Record<string, string> = {}): Promise<this> {
    const hidden = [...this.page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
    const values = hidden.map(
      ([, name = '', value = '']) => [unescape(name), unescape(value)] as [string, string],
    );
    const body = new URLSearchParams([...values, ...Object.entries(fields)]);
    this.response = await fetch(`${workos.running.url}/user_management/authorize`, {
      method: 'POST',
      body,
      headers,
      redirect: 'manual',
    });
    this.page = await this.response.text();
    return this;
  }

  get text(): string {
    return this.page;
  }

  /** Where it was sent to. */
  get location(): URL {
    return new URL(this.response?.headers.get('location') ?? 'about:blank');
  }

  get alert(): string | undefined {
    const found = /role="alert"[^>]*>([^<]*)</.exec(this.page)?.[1];
    return found === undefined ? undefined : unescape(found);
  }
}

const url = (more: Partial<Parameters<WorkOS['userManagement']['getAuthorizationUrl']>[0]> = {}): string =>
  um.getAuthorizationUrl({ provider: 'authkit', redirectUri: BACK, state: 's&"<>', ...more });
const aUser = (emailVerified = true) =>
  um.createUser({ email: `page-${++n}@example.com`, password: PASSWORD, emailVerified });

describe('the AuthKit page', () => {
  it('signs up and leads back with code and state, which the SDK exchanges with PKCE', async () => {
    const {
      url: start,
      codeVerifier,
      state,
    } = await um.getAuthorizationUrlWithPKCE({
      provider: 'authkit',
      redirectUri: BACK,
      screenHint: 'sign-up',
    });
    const browser = await new Browser().open(start);
    expect(browser.text).toContain('<html lang="en">');
    expect(browser.text).toContain('<label for="email">');
    await browser.submit({ email: 'New@Example.com', password: PASSWORD, first_name: 'Ada', last_name: '' });
    expect(browser.response?.status).toBe(302);
    expect(browser.location.searchParams.get('state')).toBe(state);
    expect(browser.location.searchParams.get('keep')).toBe('1');
    const code = browser.location.searchParams.get('code') ?? '';
    const answer = await um.authenticateWithCode({ code, codeVerifier });
    expect(answer.user).toMatchObject({
      email: 'new@example.com',
      emailVerified: true,
      firstName: 'Ada',
      lastName: null,
    });
    await expect(um.authenticateWithCode({ code, codeVerifier })).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('signs in a public client, which may then refresh without a secret', async () => {
    const user = await aUser();
    const { url: start, codeVerifier } = await um.getAuthorizationUrlWithPKCE({
      provider: 'authkit',
      redirectUri: BACK,
    });
    const browser = await (await new Browser().open(start)).submit({ email: user.email, password: PASSWORD });
    const code = browser.location.searchParams.get('code') ?? '';
    const first = await um.authenticateWithCodeAndVerifier({ code, codeVerifier });
    const body = { client_id: CLIENT_ID, grant_type: 'refresh_token', refresh_token: first.refreshToken };
    expect((await workos.call('POST', '/user_management/authenticate', body)).status).toBe(200);
    const { refreshToken } = await um.authenticateWithPassword({ email: user.email, password: PASSWORD });
    expect(
      (await workos.call('POST', '/user_management/authenticate', { ...body, refresh_token: refreshToken }))
        .body,
    ).toMatchObject({
      error: 'invalid_client',
    });
  });

  it('refuses a wrong verifier, a missing one, and burns the code with it', async () => {
    const user = await aUser();
    for (const wrong of ['x'.repeat(43), undefined]) {
      const { url: start, codeVerifier } = await um.getAuthorizationUrlWithPKCE({
        provider: 'authkit',
        redirectUri: BACK,
      });
      const browser = await (
        await new Browser().open(start)
      ).submit({ email: user.email, password: PASSWORD });
      const code = browser.location.searchParams.get('code') ?? '';
      await expect(
        um.authenticateWithCode({ code, ...(wrong === undefined ? {} : { codeVerifier: wrong }) }),
      ).rejects.toMatchObject({
        error: 'invalid_grant',
      });
      await expect(um.authenticateWithCode({ code, codeVerifier })).rejects.toMatchObject({
        error: 'invalid_grant',
      });
    }
    const plain = await (await new Browser().open(url())).submit({ email: user.email, password: PASSWORD });
    const code = plain.location.searchParams.get('code') ?? '';
    await expect(um.authenticateWithCode({ code, codeVerifier: 'x'.repeat(43) })).rejects.toMatchObject({
      code: 'code_challenge_not_found',
    });
  });

  it('escapes what it is given and allows no script', async () => {
    const browser = await new Browser().open(url({ loginHint: '"><script>alert(1)</script>' }));
    expect(browser.text).not.toContain('<script');
    const policy = browser.response?.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self' http://localhost:3000");
    expect(policy).not.toContain('unsafe');
    const user = await aUser();
    await browser.submit({ email: user.email, password: PASSWORD });
    expect(browser.location.searchParams.get('state')).toBe('s&"<>');
  });

  it('says what is wrong, and keeps the way back', async () => {
    const user = await aUser();
    const browser = await new Browser().open(url());
    await browser.submit({ email: user.email, password: 'wrong' });
    expect([browser.response?.status, browser.alert]).toEqual([400, 'Wrong e-mail address or password.']);
    await browser.submit({ email: 'nobody@example.com', password: 'wrong' });
    expect(browser.alert).toBe('Wrong e-mail address or password.');
    await browser.submit({ email: user.email, password: PASSWORD });
    expect(browser.response?.status).toBe(302);
    const signUp = await new Browser().open(url({ screenHint: 'sign-up' }));
    await signUp.submit({ email: user.email, password: PASSWORD });
    expect(signUp.alert).toBe('This email is not available.');
    await signUp.submit({ email: 'weak@example.com', password: 'short' });
    expect(signUp.alert).toContain('at least 10');
  });

  it('lets choose among several organizations, or takes the one that was asked for', async () => {
    const user = await aUser();
    const organizations = [1, 2].map((i) =>
      workos.sdk.organizations.createOrganization({ name: `Org <${i}>` }),
    );
    const [one, two] = await Promise.all(organizations);
    for (const organization of [one, two]) {
      await um.createOrganizationMembership({ userId: user.id, organizationId: organization?.id ?? '' });
    }
    const browser = await (await new Browser().open(url())).submit({ email: user.email, password: PASSWORD });
    expect(browser.text).toContain('Org &lt;1&gt;');
    await browser.submit({ chosen_organization: 'org_other' });
    expect(browser.alert).toBe('Choose an organization.');
    await browser.submit({ chosen_organization: two?.id ?? '' });
    const chosen = await um.authenticateWithCode({ code: browser.location.searchParams.get('code') ?? '' });
    expect(decodeJwt(chosen.accessToken)['org_id']).toBe(two?.id);
    const direct = await new Browser().open(url({ organizationId: one?.id ?? '' }));
    await direct.submit({ email: user.email, password: PASSWORD });
    const asked = await um.authenticateWithCode({ code: direct.location.searchParams.get('code') ?? '' });
    expect(asked.organizationId).toBe(one?.id);
    const stranger = await aUser();
    const refused = await new Browser().open(url({ organizationId: one?.id ?? '' }));
    await refused.submit({ email: stranger.email, password: PASSWORD });
    expect(refused.alert).toBe('You are not a member of this organization.');
  });

  it('verifies an address by the code that it shows', async () => {
    const user = await aUser(false);
    const browser = await (await new Browser().open(url())).submit({ email: user.email, password: PASSWORD });
    const code = /<strong>(\d{6})<\/strong>/.exec(browser.text)?.[1] ?? '';
    await browser.submit({ code: code === '000000' ? '000001' : '000000' });
    expect(browser.alert).toBe('The code is incorrect.');
    await browser.submit({ code });
    expect(browser.response?.status).toBe(302);
    expect((await um.getUser(user.id)).emailVerified).toBe(true);
  });

  it('redeems an invitation at sign-up', async () => {
    const organization = await workos.sdk.organizations.createOrganization({ name: 'Inviting' });
    const invitation = await um.sendInvitation({
      email: 'guest@example.com',
      organizationId: organization.id,
      roleSlug: 'viewer',
    });
    const browser = await new Browser().open(
      url({ screenHint: 'sign-up', invitationToken: invitation.token }),
    );
    await browser.submit({ email: 'other@example.com', password: PASSWORD });
    expect(browser.alert).toBe('The invitation cannot be used for this email.');
    expect((await um.listUsers({ email: 'other@example.com' })).data).toEqual([]);
    await browser.submit({ email: 'guest@example.com', password: PASSWORD });
    const answer = await um.authenticateWithCode({ code: browser.location.searchParams.get('code') ?? '' });
    expect(decodeJwt(answer.accessToken)).toMatchObject({ org_id: organization.id, role: 'viewer' });
    expect(await um.getInvitation(invitation.id)).toMatchObject({ state: 'accepted' });
  });

  it('sends codes to loopback and to what is allowed, nowhere else', async () => {
    const at = async (redirectUri: string) =>
      (await new Browser().open(url({ redirectUri }))).response?.status;
    expect(await at('https://app.example/callback')).toBe(200);
    expect(await at('http://127.0.0.1:9/x')).toBe(200);
    for (const bad of [
      'https://app.example/callback/more',
      'https://evil.example/',
      'http://localhost.evil.example/',
      'javascript:alert(1)',
      'nonsense',
    ]) {
      expect(await at(bad)).toBe(400);
    }
  });

  it('takes no form from another page, and refuses what it does not know', async () => {
    const user = await aUser();
    const browser = await new Browser().open(url());
    await browser.submit({ email: user.email, password: PASSWORD }, { origin: 'https://evil.example' });
    expect(browser.response?.status).toBe(403);
    expect((await new Browser().open(`${url()}&surprise=1`)).response?.status).toBe(422);
    expect(
      (await new Browser().open(url().replace('provider=authkit', 'provider=GoogleOAuth'))).response?.status,
    ).toBe(422);
    expect((await new Browser().open(url({ clientId: 'client_other' }))).response?.status).toBe(400);
    const silent = await new Browser().open(url({ prompt: 'none' }));
    expect(silent.location.searchParams.get('error')).toBe('login_required');
  });
});
