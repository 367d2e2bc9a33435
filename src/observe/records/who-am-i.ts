import { OutlastError } from '../../base/errors.js';
import { jsonOf } from '../../system/http.js';
import type { RequestTokenPlace } from '../identity/index.js';
import { ask, expectSuccess, mapped, type Means, placeOf } from './ask.js';
import { canonical } from './canonical.js';
import type { WhoAmI } from './port.js';

export interface WhoAmIOptions {
  /** May hold placeholders. */
  readonly url: string;
  readonly user: (body: unknown) => string;
  /** What else must stay the same: roles, scopes. */
  readonly claims?: (body: unknown) => unknown;
  readonly token?: RequestTokenPlace;
}

/** Asks the target, with GET, who a token's owner is. */
export function whoAmI(options: WhoAmIOptions, means: Means): WhoAmI {
  return {
    ask: async (token, { signal }) => {
      const url = means.resolve(options.url);
      const answer = await ask({ url, token, signal, place: options.token });
      expectSuccess(answer, url);
      const body = jsonOf(answer, url);
      const user: unknown = mapped('user', url, () => options.user(body));
      if (typeof user !== 'string' || user === '') {
        throw new OutlastError(
          'ANSWER_INVALID',
          `expected an answer of ${placeOf(url)} to name the user; \`user\` found none`,
        );
      }
      const claims = mapped('claims', url, () => options.claims?.(body) ?? null);
      return { user, canonical: canonical({ user, claims }) };
    },
  };
}
