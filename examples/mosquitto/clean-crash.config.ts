import { anonymous, atLeastOnce, crash, defineConfig } from 'outlast';
import { mqtt } from 'outlast/mqtt';
import { mosquitto, workload } from './broker.js';

export default defineConfig({
  target: {
    services: { broker: mosquitto('memory.conf') },
    users: anonymous(),
    client: mqtt({ url: 'mqtt://127.0.0.1:{port:broker}', session: 'clean', qos: 1 }),
  },
  // A clean session ends with its connection: nobody promises what was said while there was none.
  contract: atLeastOnce({ echo: true, replayWindow: { time: 0 } }),
  workload,
  disruption: crash('broker'),
});
