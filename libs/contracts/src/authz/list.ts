import { OneOf, Optional, Text, Whole } from '../kit/fields.js';

/** What every list of authz takes (http.md, Envelopes). */
export abstract class AuthzList {
  /** Entries a page: 1–100, 20 when left out. */
  @Whole({ min: 1, max: 100 }) @Optional() limit?: number;
  /** The cursor of a page's end; the page behind it follows. */
  @Text({ max: 1000 }) @Optional() after?: string;
  /** The cursor of a page's beginning; the page before it follows. */
  @Text({ max: 1000 }) @Optional() before?: string;
  /** `exact` adds `meta.total`. */
  @OneOf(['exact']) @Optional() count?: 'exact';
}

/** A UUID in examples. */
export const exampleId = (last: string): string => `0198c5a2-7d10-7c33-9a41-${last.padStart(12, '0')}`;
