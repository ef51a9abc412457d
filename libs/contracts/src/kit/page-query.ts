import { OneOf, Optional, Text, Whole } from './fields.js';

/** What every keyset list takes (http.md, Envelopes). */
export class PageQuery {
  /** Items on a page: 1 to 100, 20 when left out. */
  @Whole({ min: 1, max: 100 }) @Optional() limit?: number;
  /** The cursor `meta.after` of a page: what comes behind it. Not together with `before`. */
  @Text({ min: 1, max: 4_096 }) @Optional() after?: string;
  /** The cursor `meta.before` of a page: what comes ahead of it. */
  @Text({ min: 1, max: 4_096 }) @Optional() before?: string;
  /** `exact` adds `meta.total`, counted after permissions; 400 for guests. */
  @OneOf(['exact']) @Optional() count?: 'exact';
}
