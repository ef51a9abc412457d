import type { Median } from '../contest.js';
import { short, type Row } from '../report.js';
import type { SizeCost } from './requests.js';

function sizeRow(what: string, small: Median, large: Median): Row {
  return {
    ...{
      what,
      erato: `${short(large.cpu)} µs`,
      bare: `${short(small.cpu)} µs`,
      value: large.cpu / small.cpu,
    },
    ...{ unit: ' ×', better: 'less', floor: 1.3, target: 1.1, detail: { small, large } },
  };
}

/** What a large installation costs against a small one: CPU time of all processes for one request. */
export function sizeRows(small: SizeCost, large: SizeCost, sizes: readonly [number, number]): Row[] {
  const [from, to] = sizes.map((size) => short(size));
  return (['get', 'list'] as const).map((what) =>
    sizeRow(
      `${what.toUpperCase()} of ${to ?? ''} against ${from ?? ''} resources, CPU`,
      small[what],
      large[what],
    ),
  );
}
