import type { App } from '../app/port.js';

/** Where a command prints to. */
export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Of the terminal; undefined where there is none. */
  readonly columns: number | undefined;
}

/** All that a command knows of the world around it. */
export interface World {
  /** Loaded when it is needed, so that help is there at once. */
  app(): Promise<App>;
  /** Results. */
  readonly stdout: Output;
  /** Progress, and what went wrong. */
  readonly stderr: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A stream of this process. One whose reader has gone (`outlast … | head`) swallows the rest: the run still heals and ends. */
export function outputTo(stream: NodeJS.WriteStream): Output {
  stream.on('error', () => undefined);
  return {
    write: (text) => void (stream.destroyed || stream.write(text)),
    isTTY: stream.isTTY,
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
  };
}

/** Carries a command out in the world; what it returns is the exit code. */
export type Perform = (command: (world: World) => Promise<number>) => Promise<void>;
