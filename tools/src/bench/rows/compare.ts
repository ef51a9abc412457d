import type { Median } from '../contest.js';
import { short, type Row } from '../report.js';

const detail = (erato: Median, bare: Median): Row['detail'] => ({ erato, bare });

/** A row of requests per second against the limit's. */
export function rateRow(
  what: string,
  [erato, bare]: readonly [Median, Median],
  floor?: number,
  target?: number,
): Row {
  return {
    what,
    erato: `${short(erato.perSecond)}/s`,
    bare: `${short(bare.perSecond)}/s`,
    value: erato.perSecond / bare.perSecond,
    unit: ' ×',
    better: 'more',
    floor,
    target,
    detail: detail(erato, bare),
  };
}

/** A row of a cost, less of which is better, against the limit's. */
export function costRow(
  what: string,
  figure: 'cpu' | 'p50' | 'p99',
  [erato, bare]: readonly [Median, Median],
  floor?: number,
  target?: number,
): Row {
  return {
    what,
    erato: `${short(erato[figure])} µs`,
    bare: `${short(bare[figure])} µs`,
    value: erato[figure] / bare[figure],
    unit: ' ×',
    better: 'less',
    floor,
    target,
    detail: detail(erato, bare),
  };
}
