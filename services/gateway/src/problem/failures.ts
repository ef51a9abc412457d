import { failure } from '@erato/contracts/kit/failure';

/** Failures that only HTTP knows. */
export const noSuchRoute = failure('not-found', 'route_not_found', 'There is no such route.');
/** 405: no kind of failure has that status. */
export const methodNotAllowed = failure(
  'invalid',
  'method_not_allowed',
  'The path exists with other methods.',
);
export const originNotAllowed = failure(
  'forbidden',
  'origin_not_allowed',
  'Pages of this origin may not call the API.',
);
export const malformedBody = failure('invalid', 'malformed_json', 'The body is not well-formed JSON.');
export const wrongMediaType = failure(
  'unsupported',
  'unsupported_media_type',
  'The body must be JSON in UTF-8.',
);
export const actAsNotAllowed = failure(
  'invalid',
  'act_as_not_allowed',
  'Erato-Act-As does not go with this request.',
);
export const headerInvalid = failure(
  'invalid',
  'header_invalid',
  'A header has a value that cannot be read.',
);
export const idempotencyInProgress = failure(
  'conflict',
  'idempotency_in_progress',
  'The first request with this Idempotency-Key is still running.',
);
export const tooManyStreams = failure(
  'throttled',
  'too_many_streams',
  'This subject has as many streams open here as it may.',
);
export const webhooksNotConfigured = failure(
  'unavailable',
  'webhooks_not_configured',
  'No webhook secret is configured.',
);
