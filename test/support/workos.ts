import type { Fault } from '@erato/tools/workos/faults';
import type { TestSystem } from '@erato/testing/system';

/** Steers the WorkOS stand-in of a started system. */
export class Workos {
  constructor(private readonly system: TestSystem) {}

  /** Puts a fault in force until it is cleared. */
  async fail(fault: Fault): Promise<void> {
    await this.#send('POST', '/_control/faults', fault);
  }

  /** Takes all faults back. */
  async clear(): Promise<void> {
    await this.#send('DELETE', '/_control/faults');
  }

  async #send(method: string, path: string, body?: unknown): Promise<void> {
    const { url, token } = this.system.workosControl;
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`the stand-in answered ${String(answer.status)}: ${await answer.text()}`);
  }
}
