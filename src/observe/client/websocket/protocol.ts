import { OutlastError } from '../../../base/errors.js';
import type { Facet } from '../../../history/events.js';
import type { Connector } from '../port.js';
import { missionFrames } from './mission.js';
import type { FrameFunctions, WebSocketOptions } from './options.js';

/** The functions that are there, and what follows from those that are not. */
export interface Protocol {
  readonly frames: Pick<FrameFunctions, 'send' | 'receive'> & Partial<FrameFunctions>;
  readonly resumes: boolean;
  readonly lacks: Partial<Record<Facet, string>>;
  readonly admission: Connector['admission'];
}

const mission: Protocol = { frames: missionFrames, resumes: true, lacks: {}, admission: 'join' };

/** Throws `CONFIG_INVALID` where some of the functions are given and one that they cannot do without is not. */
export function protocolOf(options: WebSocketOptions): Protocol {
  const { send, receive, acknowledge, join, joined } = options;
  if (!(send ?? receive ?? acknowledge ?? join ?? joined)) return mission;
  if (!send || !receive) {
    throw new OutlastError(
      'CONFIG_INVALID',
      'webSocket() expects both `send` and `receive` where one of its functions is given; without any, the mission’s own protocol is spoken',
    );
  }
  const frames = { send, receive, ...defined({ acknowledge, join, joined }) };
  const resumes = options.resume === true && join !== undefined;
  return { frames, resumes, lacks: lacksOf(options, resumes), admission: admissionOf(options) };
}

function lacksOf(options: WebSocketOptions, resumes: boolean): Protocol['lacks'] {
  const { acknowledge, positions = resumes } = options;
  return {
    ...(acknowledge ? {} : { acknowledgements: 'the client has no function `acknowledge`' }),
    ...(resumes ? {} : { resume: 'the client has no function `join` that sends a cursor (`resume: true`)' }),
    ...(positions
      ? {}
      : { positions: 'the client does not say that messages carry positions (`positions: true`)' }),
  };
}

function admissionOf({ join, joined, acknowledge }: WebSocketOptions): Protocol['admission'] {
  if (join && joined) return 'join';
  return acknowledge ? 'acknowledgement' : 'unseen';
}

function defined(functions: Partial<FrameFunctions>): Partial<FrameFunctions> {
  return Object.fromEntries(Object.entries(functions).filter(([, given]) => given !== undefined));
}
