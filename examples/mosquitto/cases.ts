import type { Case } from '../case.js';

const manual = 'https://mosquitto.org/man/mosquitto-conf-5.html';
const mosquitto = {
  needs: [{ program: 'mosquitto', debian: 'mosquitto' }],
  server: { name: 'Mosquitto', version: ['mosquitto', '-h'] },
} as const;

const sigterm = 'SIGTERM';
const sigkill = 'SIGKILL';

/** Sessions that a broker has forgotten are told so: no session was resumed, so nothing shows whether it was so honestly. */
const forgotten = ['resumed-honestly'];

export const cases: readonly Case[] = [
  {
    ...mosquitto,
    name: 'persisted, SIGTERM',
    config: 'persisted.config.ts',
    ...{ mode: 'persistence true, kept sessions, QoS 1', restart: sigterm },
    expected: { outcome: 'pass', fails: [] },
    documents: {
      says: 'Connection, subscription and message data are written to disk when mosquitto closes, and reloaded when it is restarted.',
      where: `${manual} (persistence)`,
    },
  },
  {
    ...mosquitto,
    name: 'persisted, users with passwords, SIGTERM',
    config: 'users.config.ts',
    environment: { MQTT_PASSWORD: 'only-for-trying' },
    needs: [...mosquitto.needs, { program: 'mosquitto_passwd', debian: 'mosquitto' }],
    ...{ mode: 'the same, with a password file', restart: sigterm },
    expected: { outcome: 'pass', fails: [] },
    documents: {
      says: 'If allow_anonymous is false, only users of the password file may connect.',
      where: `${manual} (allow_anonymous, password_file)`,
    },
  },
  {
    ...mosquitto,
    name: 'persisted, QoS 2 of MQTT 5, SIGTERM',
    config: 'qos2.config.ts',
    ...{ mode: 'persistence true, kept sessions, QoS 2, MQTT 5', restart: sigterm },
    expected: { outcome: 'pass', fails: [] },
    documents: {
      says: 'QoS 2: the message is delivered exactly once.',
      where: 'https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html (4.3.3)',
    },
  },
  {
    ...mosquitto,
    name: 'persisted, SIGKILL before it was saved',
    config: 'persisted-crash.config.ts',
    ...{ mode: 'persistence true, autosave_interval 1800 (the default)', restart: sigkill },
    expected: { outcome: 'fail', fails: ['messages-lost'], perhaps: forgotten },
    documents: {
      says: 'Data are written when mosquitto closes, and at the intervals of autosave_interval: 1800 seconds unless told.',
      where: `${manual} (persistence, autosave_interval)`,
    },
  },
  {
    ...mosquitto,
    name: 'in memory, SIGTERM',
    config: 'memory.config.ts',
    ...{ mode: 'persistence false, kept sessions, QoS 1', restart: sigterm },
    expected: { outcome: 'fail', fails: ['messages-lost'], perhaps: forgotten },
    documents: {
      says: 'If persistence is false, the data are stored in memory only.',
      where: `${manual} (persistence)`,
    },
  },
  {
    ...mosquitto,
    name: 'clean sessions, in memory, SIGKILL',
    config: 'clean-crash.config.ts',
    ...{ mode: 'persistence false, clean sessions, QoS 1', restart: sigkill },
    expected: { outcome: 'pass', fails: [] },
    documents: {
      says: 'A clean session lasts as long as its network connection; nothing of it is used again.',
      where: 'https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/mqtt-v3.1.1.html (3.1.2.4)',
    },
  },
];
