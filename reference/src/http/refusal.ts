/** An answer that is not the one asked for, as the client will see it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 429 | 503;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: Refusal['status'],
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }

  get body(): { error: { code: string; message: string } } {
    return { error: { code: this.code, message: this.message } };
  }
}

export const unauthorized = (message: string): Refusal =>
  new Refusal(401, 'unauthorized', message, { 'www-authenticate': 'Bearer' });

export const unavailable = (message: string): Refusal =>
  new Refusal(503, 'unavailable', message, { 'retry-after': '1' });
