import { facts, type FetchedFacts, type FetchFacts } from '@erato/contracts/authz/facts';
import type { Handlers } from '@erato/contracts/kit/call';
import type { Context } from '@erato/contracts/kit/context';
import { Serves } from '@erato/platform/transport/serves';
import { LocalFacts } from './local-facts.js';

@Serves(facts)
export class FactsHandlers implements Handlers<typeof facts> {
  constructor(private readonly local: LocalFacts) {}

  fetch(input: FetchFacts, context: Context): Promise<FetchedFacts> {
    return this.local.fetch(input, context);
  }
}
