import { webSocket } from '../../../src/observe/client/index.js';
import { conforms } from './conforms.js';
import { serve } from './mission-server.js';

const backoff = { firstMs: 5, maxMs: 20, factor: 2 };

conforms('websocket', {
  serve,
  pipelines: true,
  kind: (port, means) => webSocket({ url: `ws://127.0.0.1:${port}/ws` }, means, { backoff }),
});
