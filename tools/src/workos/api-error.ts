/** A refusal in WorkOS' shape: status and JSON body. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: Readonly<Record<string, unknown>>,
  ) {
    super(JSON.stringify(body));
  }
}

/** What is wrong with one parameter. */
export interface FieldError {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

/** `{ code, message }` of the API proper. */
export function failure(
  status: number,
  code: string,
  message: string,
  more: Record<string, unknown> = {},
): ApiError {
  return new ApiError(status, { code, message, ...more });
}

/** `{ error, error_description }`, which code and refresh grants answer with. */
export function oauthFailure(error: string, description: string): ApiError {
  return new ApiError(400, { error, error_description: description });
}

/** 404 for an object; `kind` is its name in words, "Organization". */
export function notFound(kind: string, id: string): ApiError {
  return new ApiError(404, {
    message: `${kind} not found: '${id}'.`,
    code: 'entity_not_found',
    entity_id: id,
  });
}

/** 404 for a route that is not spoken here. */
export function noRoute(): ApiError {
  return new ApiError(404, { message: 'Not Found' });
}

/** 422 for parameters that are missing, wrong or unknown. */
export function invalidParameters(errors: readonly FieldError[]): ApiError {
  return failure(422, 'invalid_request_parameters', 'Validation failed', { errors });
}

/** 422 for one parameter. */
export function invalidParameter(field: string, code: string, message: string): ApiError {
  return invalidParameters([{ field, code, message }]);
}
