import { OneOf, Optional, Text, Whole } from '../kit/fields.js';

/** What every list of pages takes (http.md, Envelopes). */
export abstract class PageQuery {
  /** How many at most; 20 when left out. */
  @Whole({ min: 1, max: 100 }) @Optional() limit?: number;
  /** The cursor `meta.after` of the page before. */
  @Text({ min: 1, max: 4000 }) @Optional() after?: string;
  /** The cursor `meta.before` of the page after. */
  @Text({ min: 1, max: 4000 }) @Optional() before?: string;
}

/** A list that can also be counted. */
export abstract class CountedPageQuery extends PageQuery {
  /** `exact` adds `meta.total`; not for callers without a credential. */
  @OneOf(['exact']) @Optional() count?: 'exact';
}
