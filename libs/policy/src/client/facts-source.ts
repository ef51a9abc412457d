import { type FetchedFacts, type FetchFacts, facts } from '@erato/contracts/authz/facts';
import { unavailable } from '@erato/contracts/kit/failure';
import { type BusCaller, ownContext } from '@erato/platform/transport/caller';

/** Where misses are filled from: authz over the bus, or in authz itself its database. */
export interface FactsSource {
  /** @throws Failure `unavailable` where it cannot be answered */
  fetch(request: FetchFacts, limits: { requestId: string; deadline: number }): Promise<FetchedFacts>;
}

/** Asks the service authz. Whatever goes wrong there, here it means that nothing can be decided. */
export class BusFacts implements FactsSource {
  constructor(private readonly caller: BusCaller) {}

  async fetch(
    request: FetchFacts,
    { requestId, deadline }: { requestId: string; deadline: number },
  ): Promise<FetchedFacts> {
    try {
      return await this.caller.call(facts.fetch, request, { ...ownContext({ requestId }), deadline });
    } catch (cause) {
      throw unavailable({ detail: 'Permissions cannot be decided at the moment.', cause });
    }
  }
}
