import { z } from 'zod';
import { expected } from '../parts.js';
import { custom } from './custom.js';
import { mqtt } from './mqtt.js';
import { poll } from './poll.js';
import { socketIo } from './socket-io.js';
import { sse } from './sse.js';
import { webSocket } from './web-socket.js';

/** How sessions speak to the target: told by its kind which of them it is. */
export const client = z.discriminatedUnion(
  'kind',
  [webSocket, sse, poll, mqtt, socketIo, custom],
  expected(
    'how sessions speak to the target: webSocket({ … }), sse({ … }), poll({ … }), mqtt({ … }), socketIo({ … }), or defineClient({ … }) for a library of your own',
  ),
);
