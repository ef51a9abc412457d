import { everyTable } from '@erato/contracts/catalogue';
import type { Call } from '@erato/contracts/kit/call';
import { guest, scopes, type Caller, type Context, type Repeatable } from '@erato/contracts/kit/context';
import { Failure } from '@erato/contracts/kit/failure';
import type { CallMaker } from '@erato/contracts/services';
import { Bus } from '@erato/platform/transport/bus';
import { BusCaller, ownContext } from '@erato/platform/transport/caller';
import { CallerSigner, encodeCaller } from '@erato/platform/transport/signed-caller';
import { adminUser } from '@erato/tools/nats/permissions';
import type { Infra } from './infra.js';

/** A person with the scopes of a session, or those that are named. */
export const aUser = (
  id: string,
  held: readonly string[] = scopes.filter((scope) => scope !== 'admin'),
): Caller => ({
  subjectType: 'user',
  subjectId: id,
  scopes: held,
});

/** A caller with the scope `admin`. */
export const anAdministrator: Caller = {
  subjectType: 'user',
  subjectId: 'user_administrator',
  scopes: ['admin'],
};

/** What a test may say of a call beside its input. */
export type CallOptions = Partial<
  Pick<Context, 'actAs' | 'consistency' | 'ifMatch' | 'requestId' | 'deadline'>
> & { readonly once?: Repeatable };

/** Calls in one caller's name. */
export interface TestCaller {
  call<I, R>(call: Call<I, R>, input: I, options?: CallOptions): Promise<R>;
  /** The failure that the call must end with; it is an error where the call succeeds. */
  failure<I, R>(call: Call<I, R>, input: I, options?: CallOptions): Promise<Failure>;
}

/** Drives services as the gateway does: signed callers over the real bus. */
export class TestGateway {
  private constructor(
    private readonly bus: Bus,
    private readonly caller: BusCaller,
    private readonly signer: CallerSigner,
  ) {}

  static async open(infra: Infra): Promise<TestGateway> {
    const bus = await Bus.open({ ...infra.nats('gateway'), name: 'test gateway' });
    return new TestGateway(bus, new BusCaller(bus), new CallerSigner(infra.callerMasterKey, everyTable));
  }

  as(caller: Caller = guest): TestCaller {
    const call = <I, R>(to: Call<I, R>, input: I, options: CallOptions = {}): Promise<R> => {
      const context = { ...ownContext(), actAs: undefined, ...options };
      const encodedCaller = encodeCaller(caller);
      const signature = this.signer.sign(to, { ...context, caller: encodedCaller });
      const { actAs, ...rest } = context;
      return this.caller.call(to, input, { ...rest, ...(actAs ? { actAs } : {}), encodedCaller, signature });
    };
    return { call, failure: (to, input, options) => failureOf(call(to, input, options)) };
  }

  async close(): Promise<void> {
    this.caller.close();
    await this.bus.close();
  }
}

/** Makes the calls that only services make, with the permissions of one of them. */
export async function asService(infra: Infra, service: CallMaker) {
  const user = service === 'operator' ? adminUser : service;
  const bus = await Bus.open({ ...infra.nats(user), name: `test ${service}` });
  const caller = new BusCaller(bus);
  return {
    bus,
    call: <I, R>(call: Call<I, R>, input: I): Promise<R> => caller.call(call, input, ownContext()),
    async close(): Promise<void> {
      caller.close();
      await bus.close();
    },
  };
}

/** Makes the calls that only services make, each as the first service that its contract names. */
export function asServices(infra: Infra) {
  const opened = new Map<CallMaker, ReturnType<typeof asService>>();
  const as = (service: CallMaker): ReturnType<typeof asService> => {
    const known = opened.get(service) ?? asService(infra, service);
    opened.set(service, known);
    return known;
  };
  return {
    async call<I, R>(call: Call<I, R>, input: I): Promise<R> {
      return (await as(call.callers[0] ?? 'gateway')).call(call, input);
    },
    async close(): Promise<void> {
      for (const service of opened.values()) await (await service).close();
    },
  };
}

/** The failure that a promise ends with; it is an error where it does not fail, or fails otherwise. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('expected a failure, and there was none');
}
