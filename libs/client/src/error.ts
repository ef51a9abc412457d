/** Which call failed. */
export interface CallFacts {
  readonly method: string;
  readonly url: string;
  /** How many attempts were made; with more than one, an earlier one may have had its effect. */
  readonly attempts: number;
}

/** A call that gave no answer of use. What its caller aborted is not one: that throws the signal's own reason. */
export class EratoError extends Error {
  readonly method: string;
  readonly url: string;
  readonly attempts: number;

  constructor(message: string, { method, url, attempts }: CallFacts, options?: ErrorOptions) {
    super(`${method} ${url}: ${message}`, options);
    this.name = new.target.name;
    this.method = method;
    this.url = url;
    this.attempts = attempts;
  }
}

/** No answer came: the network or the server is away. Whether the call had its effect is not known. */
export class EratoUnreachable extends EratoError {
  constructor(call: CallFacts, cause: unknown) {
    super('no answer came', call, { cause });
  }
}

/** No answer came in time. Whether the call had its effect is not known. */
export class EratoTimeout extends EratoError {
  constructor(
    call: CallFacts,
    readonly timeoutMs: number,
  ) {
    super(`no answer came within ${timeoutMs} ms`, call);
  }
}

/** Something else than the API answered: a proxy's page, a redirect. */
export class EratoUnexpectedAnswer extends EratoError {
  constructor(
    call: CallFacts,
    readonly status: number,
    readonly text: string,
  ) {
    super(`an answer that is not the API's, with status ${status}`, call);
  }
}
