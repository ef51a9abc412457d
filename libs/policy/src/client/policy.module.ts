import { Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { Bus } from '@erato/platform/transport/bus';
import { BusCaller } from '@erato/platform/transport/caller';
import { FactsCache } from './facts-cache.js';
import { BusFacts } from './facts-source.js';
import { invalidateByEvents } from './invalidation.js';
import { Policy } from './policy.js';

/** Listens for as long as the module lives. */
@Injectable()
class Invalidation implements OnModuleDestroy {
  readonly #end: () => void;

  constructor(cache: FactsCache, bus: Bus) {
    this.#end = invalidateByEvents(cache, bus);
  }

  onModuleDestroy(): void {
    this.#end();
  }
}

/** Gives a service its {@link Policy}, over the bus of the process; import it once, in the service's module. */
@Module({
  providers: [
    {
      provide: FactsCache,
      useFactory: (caller: BusCaller) => new FactsCache(new BusFacts(caller)),
      inject: [BusCaller],
    },
    Invalidation,
    {
      provide: Policy,
      useFactory: (cache: FactsCache, _: Invalidation) => new Policy(cache),
      inject: [FactsCache, Invalidation],
    },
  ],
  exports: [Policy],
})
export class PolicyModule {}
