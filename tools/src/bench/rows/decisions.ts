import { Pool } from 'pg';
import { readFacts } from '@erato/authz/fact/fact-rows';
import { FactsCache } from '@erato/policy/client/facts-cache';
import { decideOn, principalsOf } from '@erato/policy/client/policy';
import type { Options } from '../options.js';
import { withClient } from '../../postgres/connect.js';
import { short, type Row } from '../report.js';
import { median, percentile } from '../statistics.js';
import {
  aRow,
  asked,
  dice,
  questions,
  resourceId,
  world,
  WorldFacts,
  type Question,
} from './decision-world.js';

/** Decisions that are timed one by one for the percentile. */
const timed = 100_000;
/** Decisions between two looks at the clock. Their questions are made before it, as those of requests are: a moment ago. */
const stride = 100;

const elements = ({ target }: Question) => target.path.flat();

type Facts = Awaited<ReturnType<FactsCache['collect']>>;

/** One decision of a kind that is measured. */
type Decided = (question: Question) => boolean;

/** The rules alone, on facts at hand. */
const onFacts =
  (facts: Facts): Decided =>
  ({ context, action, target }) =>
    decideOn(facts, context.caller, action, target).allowed;

/** The limit: to find the subject and each element's rows, which no decision can do without. Memory decides what it costs. */
const findingAlone =
  (facts: Facts): Decided =>
  ({ context, target }) => {
    const { subjectType: type, subjectId: id } = context.caller;
    let isFound = facts.subjects.get({ type, id }) !== undefined;
    for (const group of target.path)
      for (const element of group) isFound &&= facts.objects.get(element) !== undefined;
    return isFound;
  };

/** What a service does: the client's two caches are asked, then the rules. */
const throughCaches =
  (cache: FactsCache): Decided =>
  (question) => {
    const facts = cache.collect(principalsOf(question.context.caller), elements(question), question.context);
    if (facts instanceof Promise) throw new Error('the caches are not warm');
    return onFacts(facts)(question);
  };

const questionAt = (all: readonly string[], at: number): Question => {
  const found = all[at % all.length];
  if (found === undefined) throw new Error('no questions');
  return asked(found);
};

async function warmed(all: readonly string[]): Promise<FactsCache> {
  const cache = new FactsCache(new WorldFacts());
  for (let at = 0; at < all.length; at += 200) {
    const some = all.slice(at, at + 200).map(asked);
    await Promise.all(
      some.map(async (each) =>
        cache.collect(principalsOf(each.context.caller), elements(each), each.context),
      ),
    );
  }
  return cache;
}

/** The facts of all questions in one. */
async function factsOf(cache: FactsCache, all: readonly string[]): Promise<Facts> {
  const every = all.map(asked);
  const subjects = new Map(
    every.map(({ context }) => [context.caller.subjectId, principalsOf(context.caller)]),
  );
  const objects = new Map(every.flatMap((each) => elements(each).map((element) => [element.id, element])));
  const context = questionAt(all, 0).context;
  return await cache.collect([...subjects.values()].flat(), [...objects.values()], context);
}

interface Pace {
  readonly perSecond: number;
  /** Microseconds. */
  readonly p99: number;
}

/** Decisions in this very process, whose rows and principals are all cached: the rules alone, and with the look into the caches. */
export async function warmDecisionRows({ rounds, seconds }: Options): Promise<Row[]> {
  const all = questions(20_000);
  const bare: Pace[] = [];
  const rules: Pace[] = [];
  const client: Pace[] = [];
  for (let round = 0; round <= rounds; round++) {
    // An entry lives 30 s, so each measurement has fresh caches; the first round is for the compiler.
    const facts = await factsOf(await warmed(all), all);
    const pace = (decided: Decided): Pace => paceOf(decided, all, Math.min(seconds, 5));
    const [alone, first] = [pace(findingAlone(facts)), pace(onFacts(facts))];
    const second = pace(throughCaches(await warmed(all)));
    if (round === 0) continue;
    bare.push(alone);
    rules.push(first);
    client.push(second);
  }
  const what = `decision on warm caches, ${short(world.rows)} rows`;
  return [...paceRows(what, rules, bare), ...paceRows('the same through the client’s caches', client, bare)];
}

function paceRows(what: string, paces: readonly Pace[], limit: readonly Pace[]): Row[] {
  const perSecond = median(paces.map((each) => each.perSecond));
  const p99 = median(paces.map((each) => each.p99));
  const bare = `${short(median(limit.map((each) => each.perSecond)))}/s`;
  const row = { erato: `${short(perSecond)}/s`, bare, detail: { paces, limit, world } };
  return [
    { ...row, what, value: perSecond, unit: '/s', better: 'more', floor: 300_000, target: 1_000_000 },
    {
      ...row,
      erato: '',
      bare: '',
      what: `${what}, p99`,
      value: p99,
      unit: ' µs',
      better: 'less',
      floor: 10,
      target: 3,
    },
  ];
}

function paceOf(decided: Decided, all: readonly string[], seconds: number): Pace {
  let done = 0;
  let tookMs = 0;
  while (tookMs < seconds * 1_000) {
    const some = Array.from({ length: stride }, (_, at) => questionAt(all, done + at));
    const since = performance.now();
    for (const question of some) decided(question);
    tookMs += performance.now() - since;
    done += stride;
  }
  const took = new Float64Array(timed);
  for (let at = 0; at < timed; at++) {
    const question = questionAt(all, at);
    const one = process.hrtime.bigint();
    decided(question);
    took[at] = Number(process.hrtime.bigint() - one) / 1_000;
  }
  return { perSecond: (done / tookMs) * 1_000, p99: percentile(took.sort(), 0.99) };
}

/** Puts rows on objects that nothing else knows, so that no other figure changes. */
async function seedRows(databaseUrl: string): Promise<void> {
  const roll = dice(11);
  const rows = Array.from({ length: world.rows }, (_, at) => ({
    object: resourceId(at % world.resources),
    ...aRow(roll),
    subjectId: `user_${String(at)}`,
    subjectType: 'user',
  }));
  await withClient(databaseUrl, async (client) => {
    await client.query(
      `INSERT INTO permissions (id, subject_type, subject_id, object_type, object_id, action, value, created_by)
       SELECT gen_random_uuid(), "subjectType", "subjectId", 'resource', object, action, value, 'service:bench'
       FROM json_to_recordset($1) AS x ("subjectType" text, "subjectId" text, object text, action text, value text)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(rows)],
    );
    await client.query('VACUUM (ANALYZE) permissions');
  });
}

/** Decisions of which each needs its one query, one after the other, against that query alone. */
export async function coldDecisionRow({ rounds, seconds }: Options, databaseUrl: string): Promise<Row> {
  await seedRows(databaseUrl);
  const pool = new Pool({
    ...{ connectionString: databaseUrl, max: 1, application_name: 'erato-bench' },
    options: '-c plan_cache_mode=force_generic_plan',
  });
  pool.on('error', () => undefined);
  const reader = {
    async rows<R extends object>(
      statement: { name: string; text: string },
      values: readonly unknown[],
    ): Promise<R[]> {
      return (await pool.query<R>({ ...statement, values: [...values] })).rows;
    },
  };
  let sent: { statement: { name: string; text: string }; values: readonly unknown[] } | undefined;
  const watching: typeof reader = {
    rows(statement, values) {
      sent = { statement, values };
      return reader.rows(statement, values);
    },
  };
  const cache = new FactsCache({ fetch: async (request) => (await readFacts(watching, request)).facts });
  const all = questions(world.resources);
  let at = 0;
  const decision = async (): Promise<void> => {
    // Nobody and nothing is asked about twice until everything is forgotten.
    if (at % all.length === 0) cache.restart();
    const { context, action, target } = questionAt(all, at);
    const caller = { ...context.caller, subjectId: `user_cold_${String(at)}` };
    const path = [[{ type: 'resource', id: resourceId(at++ % world.resources) }]];
    const facts = await cache.collect(principalsOf(caller), path.flat(), context);
    decideOn(facts, caller, action, { ...target, path });
  };
  const query = async (): Promise<void> => {
    if (sent !== undefined) await reader.rows(sent.statement, sent.values);
  };
  try {
    const cold: number[] = [];
    const raw: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const [first, second] = [await perSecond(decision, seconds / 2), await perSecond(query, seconds / 2)];
      if (round === 0) continue;
      cold.push(first);
      raw.push(second);
    }
    const [ours, bare] = [median(cold), median(raw)];
    return {
      ...{ what: 'decision cold, one query', erato: `${short(ours)}/s`, bare: `${short(bare)}/s` },
      ...{ value: ours / bare, unit: ' ×', better: 'more', floor: 0.5, target: 0.8, detail: { cold, raw } },
    };
  } finally {
    await pool.end();
  }
}

async function perSecond(work: () => Promise<void>, seconds: number): Promise<number> {
  const since = performance.now();
  let done = 0;
  while (performance.now() - since < seconds * 1_000) {
    await work();
    done++;
  }
  return (done / (performance.now() - since)) * 1_000;
}
