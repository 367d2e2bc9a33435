import { atLeastOnce, launch } from 'outlast';
import { mqtt } from 'outlast/mqtt';

/** Mosquitto as Debian packages it, with one of the configurations of this folder. It ends in the foreground, by itself. */
export const mosquitto = (configuration: string) =>
  launch({
    command: ['mosquitto', '-c', `{file:${configuration}}`],
    files: { [configuration]: configuration },
    cwd: import.meta.dirname,
    // Debian puts it where the PATH of an ordinary user does not lead.
    environment: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
    ready: 'tcp://127.0.0.1:{port:broker}',
  });

/** Sessions that the broker keeps while their client is away, with QoS 1. */
export const keptSessions = mqtt({ url: 'mqtt://127.0.0.1:{port:broker}', session: 'kept', qos: 1 });

/** What QoS 1 is: each message arrives, perhaps more than once. A publisher that subscribes hears itself. */
export const qos1 = atLeastOnce({ echo: true });

/** Enough to have someone away in two rooms of four. */
export const workload = {
  sessions: 20,
  roomSize: 5,
  messagesPerSecond: 60,
  steady: '1s',
  quiet: '1s',
} as const;
