import type { PermissionsSet } from '@erato/contracts/authz/permission';
import type { Api } from '../api.js';
import { short, type Row } from '../report.js';
import { percentile } from '../statistics.js';
import type { Field } from './requests.js';

/** Checks, and rows, in one request. */
const together = 100;

/** `POST /v1/permissions/check` with many checks, about resources that are asked for again and again. */
export async function checkRow(field: Field, ids: readonly string[]): Promise<Row> {
  const bodies = Array.from({ length: 50 }, (_, at) =>
    JSON.stringify({
      checks: Array.from({ length: together }, (_each, each) => ({
        action: each % 3 === 0 ? 'update' : 'read',
        object: { type: 'resource', id: ids[(at * together + each) % ids.length] },
      })),
    }),
  );
  const { token } = field.reader.api;
  const work = { token, method: 'POST' as const, paths: ['/v1/permissions/check'], bodies, status: 200 };
  const contender = { side: field.erato, work };
  await field.arena.warm(contender);
  const [measured] = await field.arena.contest('permissions/check of 100', [contender], 16);
  const checks = (measured?.perSecond ?? 0) * together;
  return {
    ...{
      what: 'checks, 100 in a POST /v1/permissions/check',
      erato: `${short(measured?.perSecond ?? 0)} requests/s`,
    },
    ...{ bare: '', value: checks, unit: '/s', better: 'more', floor: undefined, target: 60_000 },
    detail: { measured },
  };
}

/** From the answer of `PUT /v1/permissions` until content answers by it, for what is taken away and given back in turn. */
export async function propagationRow(
  { flips, administrator, reader }: { flips: number; administrator: Api; reader: Field['reader'] },
  ids: readonly string[],
): Promise<Row> {
  const took: number[] = [];
  for (let at = 0; at < flips; at++) {
    const id = ids[at % 10] ?? '';
    const deny = Math.floor(at / 10) % 2 === 0;
    const path = `/v1/resources/${id}`;
    // Cached before, as it is where it is used.
    await reader.api.status(path);
    const wanted = deny ? 404 : 200;
    const set = administrator.put<PermissionsSet>('/v1/permissions', {
      permissions: [
        {
          ...{ subjectType: 'user', subjectId: reader.userId, objectType: 'resource', objectId: id },
          ...{ action: 'read', value: deny ? 'deny' : 'unset' },
        },
      ],
    });
    let answered: number | undefined;
    void set.then(
      () => (answered = performance.now()),
      () => undefined,
    );
    const limit = performance.now() + 10_000;
    while ((await reader.api.status(path)) !== wanted) {
      if (performance.now() > limit) throw new Error('a permission change was not seen in 10 s');
    }
    const seen = performance.now();
    await set;
    took.push(Math.max(0, seen - (answered ?? seen)));
  }
  const sorted = took.sort((a, b) => a - b);
  const p99 = percentile(sorted, 0.99);
  return {
    ...{
      what: 'a permission change is seen, p99',
      erato: `p50 ${percentile(sorted, 0.5).toFixed(1)} ms`,
      bare: '',
    },
    ...{ value: p99, unit: ' ms', better: 'less', floor: 1_000, target: 50, detail: { flips, sorted } },
  };
}

/** Rows on a few thousand resources, as an installation in use has them: most of them about others. */
export async function setPermissions(
  administrator: Api,
  subjects: readonly string[],
  ids: readonly string[],
): Promise<void> {
  for (let at = 0; at < ids.length; at += together) {
    await administrator.put('/v1/permissions', {
      permissions: ids.slice(at, at + together).map((objectId, each) => ({
        ...{
          subjectType: 'user',
          subjectId: subjects[each % subjects.length],
          objectType: 'resource',
          objectId,
        },
        ...{ action: each % 3 === 0 ? 'write' : 'read', value: 'allow' },
      })),
    });
  }
}
