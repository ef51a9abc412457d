/** One thing that was looked at. */
export interface Finding {
  /** `fail`: does not work so. `warn`: works, but someone should know. */
  readonly level: 'ok' | 'warn' | 'fail';
  readonly what: string;
}

export const ok = (what: string): Finding => ({ level: 'ok', what });
export const warn = (what: string): Finding => ({ level: 'warn', what });
export const fail = (what: string): Finding => ({ level: 'fail', what });
