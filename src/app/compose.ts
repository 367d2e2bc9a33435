import { milliseconds } from '../base/duration.js';
import type { OutlastError } from '../base/errors.js';
import type { Config } from '../config/types.js';
import type { ClientMeans } from '../observe/client/index.js';
import { digestOf, type Redactor } from '../observe/record/index.js';
import type { Setup } from '../observe/run/index.js';
import { createTarget } from '../observe/target/index.js';
import type { Guardian } from '../system/index.js';
import { clientOf } from './clients.js';
import { furnish } from './furnish.js';
import { version } from './version.js';
import { lacking } from './facets.js';
import { betweenMs, strikesOf } from './strikes.js';

/** What a composed set-up is given besides its config. */
export interface Means extends Pick<ClientMeans, 'breached' | 'hinted' | 'rewound'> {
  readonly run: string;
  readonly seed: string;
  readonly redactor: Redactor;
  readonly guardian: Guardian;
  readonly note: (text: string) => void;
  /** Told when a function of the config turns out to be wrong: the run cannot go on. */
  readonly broken: (error: OutlastError) => void;
}

/** An answer to a message that takes longer is unsure. */
const answerWithinMs = milliseconds('5s');

/** Puts the parts together that a config describes. Touches nothing. Throws `PEER_MISSING`. */
export async function compose(config: Config, means: Means): Promise<Setup> {
  const { target, contract, workload } = config;
  const { run, redactor, guardian } = means;
  const kind = createTarget({ services: target.services }, { variables: process.env, guardian, redactor });
  const digest = (text: string) => digestOf(text, contract.text);
  return {
    ...{ run, seed: means.seed, writer: `outlast/${version}`, tests: config.only, contract },
    target: kind,
    strikes: strikesOf(config, {
      ...{ target: kind, variables: process.env },
      clean: (text) => redactor.clean(text),
    }),
    betweenMs: betweenMs(config),
    client: await clientOf(target.client, { ...means, digest, file: config.file }),
    workload: { ...workload, answerWithinMs },
    without: lacking(config),
    readsLog: target.log !== undefined,
    furnish: (place) => furnish(target, place, means.broken),
  };
}
