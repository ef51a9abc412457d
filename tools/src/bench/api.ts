/** The HTTP API with one credential, for what the benchmark sets up. */
export class Api {
  constructor(
    readonly url: string,
    readonly token: string,
  ) {}

  get<T>(path: string): Promise<T> {
    return this.send<T>('GET', path);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.send<T>('POST', path, body);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.send<T>('PUT', path, body);
  }

  /** The status of a GET, whatever it is. */
  async status(path: string): Promise<number> {
    const response = await this.fetch('GET', path);
    await response.arrayBuffer();
    return response.status;
  }

  /** The body's text of a GET that succeeds. */
  async text(path: string): Promise<string> {
    const response = await this.fetch('GET', path);
    const text = await response.text();
    if (!response.ok) throw new Error(`GET ${path}: ${String(response.status)} ${text}`);
    return text;
  }

  private async send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.fetch(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)} ${text}`);
    return (JSON.parse(text) as { data: T }).data;
  }

  private fetch(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}
