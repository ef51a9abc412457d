/** What apps import: this file is the package's face, and all that stands elsewhere may change without notice. */
export { Erato, type EratoOptions } from './erato.js';
export type { Answer, AnswerOf, Input, PathOf } from './route.js';
export { attempt, type Attempted } from './attempt.js';
export { reading, type BatchOf, type Reading } from './batch.js';
export { EratoStreamEnded, type StreamedEvent, type StreamOptions, type StreamPart } from './stream.js';
export type { Credential, TokenProvider } from './credential.js';
export { EratoProblem, isProblem, type FieldProblem } from './problem.js';
export { EratoError, EratoTimeout, EratoUnexpectedAnswer, EratoUnreachable } from './error.js';
export type { List, Page } from './list.js';
export type { RetryOptions } from './retry.js';
export type * from './api.js';
