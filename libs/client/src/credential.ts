/**
 * Gives the access token of the moment. It is asked before every attempt, so it should keep its token and renew it before its
 * end; with `refresh` the API refused the last one, and another is needed.
 */
export type TokenProvider = (wanted: { readonly refresh: boolean }) => string | Promise<string>;

/** An API key or a token, or what provides tokens. Without one the caller is the guest. */
export type Credential = string | TokenProvider;

/** Holds a client's credential; refreshes that are asked for at the same time are one. */
export class CredentialSource {
  #refreshing: Promise<string> | undefined;

  constructor(private readonly credential: Credential | undefined) {}

  /** Whether calls have a known caller. */
  get known(): boolean {
    return this.credential !== undefined;
  }

  get(): string | Promise<string> | undefined {
    const { credential } = this;
    return typeof credential === 'function'
      ? (this.#refreshing ?? credential({ refresh: false }))
      : credential;
  }

  /** Another token than the one that was refused; undefined where there is none. */
  async another(refused: string): Promise<string | undefined> {
    const { credential } = this;
    if (typeof credential !== 'function') return undefined;
    // Somebody else may have renewed it since this attempt began.
    const current = await this.get();
    if (current !== undefined && current !== refused) return current;
    this.#refreshing ??= this.#refresh(credential);
    const renewed = await this.#refreshing;
    return renewed === refused ? undefined : renewed;
  }

  async #refresh(provider: TokenProvider): Promise<string> {
    try {
      return await provider({ refresh: true });
    } finally {
      this.#refreshing = undefined;
    }
  }
}
