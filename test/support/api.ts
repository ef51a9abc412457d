import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** An answer of the API, its body parsed. */
export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body<T>;
}

/** What tests read of a body: `data` of an object or list, or the members of a problem. */
interface Body<T> {
  readonly data: T;
  readonly meta: { limit: number; after: string | null; before: string | null };
  readonly code: string;
  readonly errors: readonly { path: string; code: string }[];
  readonly [member: string]: unknown;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Record<string, object> };
}

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, { content?: Record<string, { schema: object }> }>>;
}

export interface RequestOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The HTTP API as an app sees it. Every answer of a contract route is checked against the OpenAPI document: a status or a
 * body that the document does not have fails the test.
 */
export class Api {
  private constructor(
    readonly url: string,
    private readonly document: OpenApi,
    private readonly validators: Map<string, ValidateFunction>,
    private readonly ajv: Ajv2020,
    private readonly credential: string | null,
  ) {}

  static async of(url: string): Promise<Api> {
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApi;
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv);
    ajv.addSchema({ $id: 'openapi', components: document.components });
    return new Api(url, document, new Map(), ajv, null);
  }

  /** The same API with a credential. */
  as(credential: string): Api {
    return new Api(this.url, this.document, this.validators, this.ajv, credential);
  }

  get<T>(path: string, options?: RequestOptions): Promise<Answer<T>> {
    return this.send<T>('GET', path, options);
  }

  post<T>(path: string, body?: unknown, options?: RequestOptions): Promise<Answer<T>> {
    return this.send<T>('POST', path, { ...options, body });
  }

  put<T>(path: string, body?: unknown, options?: RequestOptions): Promise<Answer<T>> {
    return this.send<T>('PUT', path, { ...options, body });
  }

  patch<T>(path: string, body?: unknown, options?: RequestOptions): Promise<Answer<T>> {
    return this.send<T>('PATCH', path, { ...options, body });
  }

  delete<T>(path: string, options?: RequestOptions): Promise<Answer<T>> {
    return this.send<T>('DELETE', path, options);
  }

  async send<T>(
    method: string,
    path: string,
    { body, headers = {} }: RequestOptions = {},
  ): Promise<Answer<T>> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(this.credential === null ? {} : { authorization: `Bearer ${this.credential}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = text !== '' && /json/.test(response.headers.get('content-type') ?? '');
    const answer = {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : { text }) as Body<T>,
    };
    this.#check(method, path, answer);
    return answer;
  }

  #check(method: string, path: string, { status, headers, body }: Answer): void {
    const template = this.#template(path.split('?')[0] ?? '');
    const operation = template ? this.document.paths[template]?.[method.toLowerCase()] : undefined;
    if (!operation || status === 405 || status === 415) return;
    const response = operation.responses[String(status)];
    if (!response)
      throw new Error(
        `${operation.operationId}: ${String(status)} is not in the OpenAPI document: ${JSON.stringify(body)}`,
      );
    const type = (headers.get('content-type') ?? '').split(';')[0] ?? '';
    const schema = response.content?.[type]?.schema;
    if (!schema) {
      if (status === 204 || status === 302 || status === 304) return;
      throw new Error(
        `${operation.operationId}: ${String(status)} as ${type} is not in the OpenAPI document`,
      );
    }
    const name = `${operation.operationId} ${String(status)}`;
    const validate = this.validators.get(name) ?? this.ajv.compile(relative(schema));
    this.validators.set(name, validate);
    if (!validate(body)) {
      throw new Error(
        `${name} does not fit the OpenAPI document: ${JSON.stringify(validate.errors)}\n${JSON.stringify(body)}`,
      );
    }
  }

  #template(path: string): string | undefined {
    const given = path.split('/');
    const fits = (template: string): boolean => {
      const parts = template.split('/');
      return (
        parts.length === given.length && parts.every((part, at) => part.startsWith('{') || part === given[at])
      );
    };
    const literal = (template: string): number =>
      template.split('/').filter((part) => !part.startsWith('{')).length;
    return Object.keys(this.document.paths)
      .filter(fits)
      .sort((a, b) => literal(b) - literal(a))[0];
  }
}

const relative = (schema: object): object =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openapi#/components/')) as object;
