import { anonymous, defineConfig, exactlyOnce, restart } from 'outlast';
import { mqtt } from 'outlast/mqtt';
import { mosquitto, workload } from './broker.js';

export default defineConfig({
  target: {
    services: { broker: mosquitto('persisted.conf') },
    users: anonymous(),
    client: mqtt({
      url: 'mqtt://127.0.0.1:{port:broker}',
      version: 5,
      session: 'kept',
      qos: 2,
      noLocal: true,
    }),
  },
  // What QoS 2 is. Publishing a text again is another message to it: no retry is harmless.
  contract: exactlyOnce({ idempotent: false }),
  workload,
  disruption: restart('broker'),
});
