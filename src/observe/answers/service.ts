import { OutlastError } from '../../base/errors.js';
import { http, jsonOf, type HttpAnswer, type HttpRequest } from '../../system/http.js';
import { carryToken, Refused } from '../identity/index.js';
import { isText, Mappings, type MappingMeans } from './mapping.js';
import { completed, type Complete } from './mission.js';
import type { AnswersOptions, AnswerState, Question } from './options.js';
import type { AnswerService, Arrival, Call, Progress, StoredAnswer } from './port.js';
import { connect, cursorOf } from './stream.js';

export interface AnswersMeans extends MappingMeans {
  /** Fills in the placeholders of a URL. */
  resolve(text: string): string;
}

/** Asks over HTTP, reads parts as server-sent events. */
export function answerService(options: AnswersOptions, means: AnswersMeans): AnswerService {
  return new HttpAnswers(completed(options), means);
}

const states: readonly unknown[] = ['running', 'done', 'cancelled', 'failed', undefined];
const isState = (value: AnswerState | undefined): value is AnswerState | undefined => states.includes(value);
const isFlag = (value: boolean): value is boolean => typeof value === 'boolean';
const isId = (value: string | number): value is string | number => isText(value) || Number.isFinite(value);
const isString = (value: string): value is string => typeof value === 'string';
type Place = string | { readonly url: string; readonly method: string };
const isPlace = (value: Place): value is Place =>
  isText(value) || (typeof value === 'object' && isText(value.url));

class HttpAnswers implements AnswerService {
  readonly #map: Mappings;

  constructor(
    private readonly options: Complete,
    private readonly means: AnswersMeans,
  ) {
    this.#map = new Mappings(means);
  }

  get questions() {
    return this.options.questions;
  }
  get count() {
    return this.options.count;
  }
  get silenceMs() {
    return this.options.silenceMs;
  }
  get cancels() {
    return this.options.cancel !== false;
  }

  async ask(question: Question, token: string, call: Call): Promise<string> {
    const { url, body, id } = this.options;
    const json = this.#map.use(
      'body',
      () => body(question),
      (made): made is unknown => made !== undefined,
    );
    const answer = succeeded(await this.#request(url, token, { method: 'POST', json, ...call }), url);
    const told = jsonOf(answer, this.means.resolve(url));
    return String(this.#map.use('id', () => id(told, question), isId));
  }

  async stored(id: string, question: Question, token: string, call: Call): Promise<StoredAnswer | null> {
    const url = this.#map.use('stored', () => this.options.stored(id), isText);
    const answer = await this.#request(url, token, call);
    if (answer.status === 404 || answer.status === 410) return null;
    const body = jsonOf(succeeded(answer, url), this.means.resolve(url));
    const { whole } = this.options;
    const text = this.#map.use('text', () => this.options.text(body), isString);
    const state = this.#map.use('state', () => this.options.state(body), isState);
    return {
      text,
      ...(state && { state }),
      ...(whole && { whole: this.#map.use('whole', () => whole(text, question.text), isFlag) }),
    };
  }

  async cancel(id: string, token: string, call: Call): Promise<void> {
    const { cancel } = this.options;
    if (cancel === false) return;
    const place = this.#map.use('cancel', () => cancel(id), isPlace);
    const { url, method } = typeof place === 'string' ? { url: place, method: 'POST' } : place;
    succeeded(await this.#request(url, token, { method, ...call }), url);
  }

  cursorAt(progress: Progress): string | null {
    return cursorOf(this.options, progress);
  }

  connect(id: string, progress: Progress, token: string, call: Call): Promise<AsyncIterable<Arrival>> {
    const { options, means } = this;
    return connect(
      { options, resolve: (url) => means.resolve(url), map: this.#map },
      { id, progress, token },
      call,
    );
  }

  async #request(
    text: string,
    token: string,
    request: Omit<HttpRequest, 'url' | 'headers'>,
  ): Promise<HttpAnswer> {
    const url = new URL(this.means.resolve(text));
    const headers: Record<string, string> = { accept: 'application/json' };
    carryToken(token, this.options.token, { url, headers });
    const answer = await http({ ...request, url, headers });
    if (answer.status !== 401 && answer.status !== 403) return answer;
    throw new Refused(
      `expected ${text} to let the token in; it answered with status ${answer.status}`,
      answer.status,
    );
  }
}

/** Throws `ANSWER_INVALID` where the answer is no success. */
function succeeded(answer: HttpAnswer, url: string): HttpAnswer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw new OutlastError(
    'ANSWER_INVALID',
    `expected ${url} to answer with 2xx; it answered with status ${answer.status}`,
  );
}
