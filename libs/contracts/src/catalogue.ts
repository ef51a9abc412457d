import type { CallTable } from './kit/call.js';

/** Every table of calls that the gateway serves over HTTP; one line a noun. */
export const tables: readonly CallTable[] = [];
