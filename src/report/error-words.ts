import { errorCodes, type ErrorCode } from '../base/errors.js';

/** What an error means, and what to do. `docs/errors.md` and `outlast explain CODE` are made from it. */
export interface ErrorWords {
  readonly means: string;
  readonly next: readonly string[];
}

export const errorWords: Readonly<Record<ErrorCode, ErrorWords>> = {
  CONFIG_INVALID: {
    means:
      'The config was read, and something in it is not as it must be. Each line below the message names the key, what was expected there and what stood there. Nothing was touched.',
    next: [
      'Correct the keys that are named; all problems are told at once.',
      'Use `defineConfig`, so that an editor shows most of them while you write.',
    ],
  },
  CONFIG_NOT_FOUND: {
    means: 'There is no config file where one was looked for. Nothing was touched.',
    next: [
      'Run in the folder that holds `outlast.config.ts`, or name the file with `--config FILE`.',
      'Begin with the config that is printed below the message.',
    ],
  },
  CONFIG_THREW: {
    means:
      'The config file could not be loaded: its own code threw, or it is not valid TypeScript. Nothing was touched.',
    next: ['Look at the line that is named; the error below the message is the file’s own.'],
  },
  MAPPING_FAILED: {
    means:
      'A function of the config that maps frames or tokens threw, or returned something that cannot be used. That is no fault of the target: the run ended there, and everything was healed and stopped.',
    next: [
      'Return null from `receive`, `acknowledge` and `joined` for frames that are none of theirs: every frame is shown to each.',
      'Return from `send`, `join` and `token` what can be written as JSON; none of these functions may be async.',
    ],
  },
  CLIENT_MISBEHAVED: {
    means:
      'A client of the config, written with `defineClient`, did what would make the history untrue: it acknowledged twice, told of messages before it was open, failed in `send`, and the like. That is no fault of the target: the run ended there, and everything was healed and stopped.',
    next: [
      'Run `outlast validate`: it takes the client through everything that it owes, and says what to do about each rule.',
      'See docs/clients/custom.md for what each function of a client has to do.',
    ],
  },
  USAGE: {
    means: 'The command line says something that Outlast does not understand. Nothing was touched.',
    next: ['Add `--help` to the command to see what it takes.'],
  },
  SECRET_MISSING: {
    means:
      'The config reads a secret with `env(…)` from an environment variable that is not set, or is empty.',
    next: ['Set the variable where Outlast is started; in CI, hand the secret to the step that runs it.'],
  },
  REFERENCE_MISSING: {
    means:
      'The demo needs the package `outlast-reference`, the chat service that it restarts, and it is not installed.',
    next: [
      'Install it: `npm install --save-dev outlast-reference`.',
      'To judge your own service, use `outlast run`.',
    ],
  },
  PEER_MISSING: {
    means:
      'The client of the config speaks through a library that is installed beside Outlast only where it is needed, and it is not installed.',
    next: ['Install the library that the message names in the project of the config file.'],
  },
  POWER_MISSING: {
    means:
      'The disruption needs something that cannot be done to that service: SIGKILL needs a service that the run has launched, and an attached service can only be restarted with commands. Nothing was touched.',
    next: [
      'Launch the service: `launch({ command, ready })`.',
      'Or name its commands: `attach({ commands: { restart: … } })`, and use `restart` instead of `crash`.',
    ],
  },
  REMOTE_TARGET: {
    means: 'The target is not on this machine. Outlast disrupts only local targets unless it is allowed to.',
    next: ['Make sure that the address is the one that you mean to restart, then add `--allow-remote`.'],
  },
  PORT_IN_USE: {
    means:
      'Something answers already on a port that a launched service is to listen on. Had the run gone on, it would have judged that program instead.',
    next: [
      'Stop what listens there; a run of yours may have been left over.',
      'Or let a free port be picked: write `{port:backend}` in the command, the environment and the addresses.',
    ],
  },
  TARGET_NOT_READY: {
    means: 'A service was started and did not become ready in time. Its last lines stand below the message.',
    next: [
      'Open the `ready` address yourself while the service runs: it must answer with a 2xx.',
      'If it is only slow, give it longer: `readyWithin: "60s"`.',
    ],
  },
  TARGET_EXITED: {
    means: 'A service was started and ended by itself. Its last lines stand below the message.',
    next: ['Run its command by hand, in the folder that `cwd` names and with the same environment.'],
  },
  TARGET_GONE: {
    means:
      'A service ended during the run although nothing was being done to it. That is a finding: the exit code is 1.',
    next: ['Read what it printed last, in `target/` of the run directory.'],
  },
  COMMAND_FAILED: {
    means:
      'A command that stops, starts or restarts an attached service did not end with exit code 0, or not in time. Its last lines stand below the message.',
    next: ['Run the command by hand.', 'If it is only slow, give it longer: `commandTimeout: "2m"`.'],
  },
  SIGN_IN_FAILED: {
    means: 'A session could not sign in, so there was nothing to judge.',
    next: [
      'Try the name and the password of `users` by hand at the address that is named.',
      'If the service names its fields otherwise, say so with `body` and `grant` of `password({ … })`.',
    ],
  },
  ANSWER_INVALID: {
    means:
      'The target did not answer a request, or answered with something that cannot be used: no JSON, too much, too late. What it sent is not shown, since it may hold secrets.',
    next: [
      'Send the same request yourself and look at the answer.',
      'Read what the service printed, in `target/` of the run directory.',
    ],
  },
  PROVISION_FAILED: {
    means: 'The users or the rooms of the run could not be made on the target.',
    next: [
      'Look at the status that came: 401 and 403 mean that the admin key is wrong, 404 that the route is not there.',
      'If your service has no such routes, name users that exist: `provision({ users, rooms })`.',
    ],
  },
  RESTART_FAILED: {
    means:
      'The target was taken down and did not come back, or its restart could not be carried out. That is a finding: the exit code is 1. Its last lines stand below the message.',
    next: [
      'Start the service by hand on the same data: what keeps it from starting a second time?',
      'A lock file, a port that is still bound and a migration that runs twice are the usual reasons.',
    ],
  },
  DISRUPTION_FAILED: {
    means:
      'What was to be done to the target could not be done: a deploy command failed or hung, nobody deployed while Outlast was watching, or Toxiproxy refused. That says nothing about the target, so the run is unknown; what was seen until then is judged.',
    next: [
      'Look at the message and at the last lines below it: they are those of the command.',
      'Try the command, or the address of Toxiproxy, by hand.',
    ],
  },
  SESSIONS_NOT_ESTABLISHED: {
    means:
      'Not all sessions were connected, signed in and in their rooms before the restart, so nothing was disrupted.',
    next: [
      'The message says who is missing and why; try that user by hand.',
      'Auditors are two sessions of our own that try the way in first: where they fail, look at `url`, `token` and `joined` of the client.',
      'Where only some fail, fewer sessions (`--sessions 5`) tell a wrong setting from a limit of the target.',
    ],
  },
  TOKENS_REFUSED: {
    means:
      'The target refused the tokens of sessions again and again before the restart, so nothing was disrupted.',
    next: [
      'Is the `secret`, the private key or the password in `users` the one that the service checks with?',
      'Does the token travel where the service looks for it? See `token` of `webSocket`.',
      'Do the claims hold what the service asks for, such as an audience or a role? See `claims` of `jwt`.',
    ],
  },
  NO_ROUND_TRIP: {
    means:
      'Before the restart, one message from one auditor to another did not come through, or was not acknowledged: what a restart does to messages could not be seen.',
    next: [
      'Do `send`, `join`, `receive` and `acknowledge` of `webSocket` map the frames that the service really sends?',
      'Are both users members of the room? See `provision`.',
      'A service that acknowledges nothing: leave out `acknowledge`, and what rests on acknowledgements is skipped.',
    ],
  },
  TEXT_CHANGED: {
    means:
      'A message came through the service with another text than was sent, before anything was disrupted, and the contract does not say that texts may change.',
    next: [
      'If the service trims texts or escapes HTML on purpose, say so: `exactlyOnce({ text: "trimmed" })` or `"escaped"`.',
      'If it has a limit of length, name it: `workload: { maxLength: 500 }`.',
    ],
  },
  INTERRUPTED: {
    means:
      'The run was stopped by a signal, or because its parent ended. Everything was healed and stopped; the history holds what was seen.',
    next: ['Nothing needs to be cleaned up. `outlast judge` judges what is there.'],
  },
  HISTORY_INVALID: {
    means: 'The file is not a history, or a line of it is broken; the message names the line.',
    next: [
      'Give a `history.ndjson` or the run directory that holds it.',
      'If another program wrote it, check it against `outlast/schema/history.json`; [histories](histories.md) describes it.',
      'A compressed one has to be gzip, whole or cut short; one that is damaged inside, or that swells out of all proportion, is refused.',
    ],
  },
  HISTORY_NOT_FOUND: {
    means: 'There is no history where one was looked for.',
    next: [
      'Name a history or a run directory: `outlast judge outlast-runs/…`.',
      'Or make one: `outlast run`.',
    ],
  },
  HISTORY_PARTS: {
    means:
      'Files that are judged together, as parts of one history, do not fit together: their headers differ in run, contract or plan; an event stands in two of them; or their clocks contradict each other by more than a second. The message names the files and what differs.',
    next: [
      'Give all parts of one run the same `run`, `contract` and `plan`; `writer`, `seed` and `epoch` may differ.',
      'Name each file once, and no copy of one.',
      'Where a clock was wrong, correct the `epoch` in the first line of its file. See `docs/histories.md`, “Several files”.',
    ],
  },
  HISTORY_VERSION: {
    means: 'The history was written by another version of Outlast, in a form that this one does not read.',
    next: ['Judge it with the version that its first line names under `writer`.'],
  },
  WRITE_FAILED: {
    means:
      'The run directory cannot be written: no permission, no space, or a read-only disk. What was broken until then was healed.',
    next: ['Choose another place: `--out DIR`.'],
  },
  INTERNAL: {
    means: 'Outlast itself went wrong. No verdict should be drawn from this run.',
    next: ['Run again with `OUTLAST_DEBUG=1`, and report what is printed.'],
  },
};

/** Every code, in the order of their list. */
export const codes: readonly ErrorCode[] = Object.keys(errorCodes).filter((code): code is ErrorCode =>
  Object.hasOwn(errorWords, code),
);
