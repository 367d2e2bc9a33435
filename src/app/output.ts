import { createWriteStream, type WriteStream } from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';

/** Keeps what each service printed, in a file of its own. */
export interface TargetOutput extends AsyncDisposable {
  write(service: string, text: string): void;
}

/** The texts come redacted. A disk that is full loses them silently: the history, which is the evidence, says so itself. */
export function targetOutput(folder: string): TargetOutput {
  const streams = new Map<string, WriteStream>();
  const open = (service: string) => {
    const stream = createWriteStream(path.join(folder, `${service}.log`), { flags: 'a' });
    stream.on('error', () => undefined);
    streams.set(service, stream);
    return stream;
  };
  return {
    write(service, text) {
      (streams.get(service) ?? open(service)).write(text);
    },
    async [Symbol.asyncDispose]() {
      const ends = [...streams.values()].map((stream) => finished(stream.end()).catch(() => undefined));
      await Promise.all(ends);
    },
  };
}
