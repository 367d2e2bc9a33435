import { statSync } from 'node:fs';
import path from 'node:path';
import { OutlastError } from '../../base/errors.js';
import { addressOf } from './address.js';
import type { Attachment } from './attached.js';
import { prepared } from './command.js';
import {
  type AttachDescription,
  type Command,
  defaultCommandTimeoutMs,
  defaultGraceMs,
  defaultReadyWithinMs,
  type LaunchDescription,
  type ServiceDescription,
} from './description.js';
import { environmentFor, type Variables } from './environment.js';
import type { Launch } from './launched.js';
import type { Placeholders } from './placeholders.js';

/** A described service, its placeholders filled in. */
export type Plan =
  | { readonly service: string; readonly launch: Launch; readonly attachment?: undefined }
  | { readonly service: string; readonly attachment: Attachment; readonly launch?: undefined };

/** Every text of a description that may hold placeholders. */
export function textsOf(service: ServiceDescription): readonly string[] {
  if (service.kind === 'attach') {
    return [service.ready, ...Object.values(service.commands ?? {}).flatMap(wordsIn)];
  }
  const { command, cwd, environment = {}, ready } = service;
  return [ready, ...wordsIn(command), ...(cwd === undefined ? [] : [cwd]), ...Object.values(environment)];
}

/** Throws `CONFIG_INVALID` for what cannot be started. */
export function planned(
  name: string,
  service: ServiceDescription,
  placeholders: Placeholders,
  variables: Variables,
): Plan {
  const resolve = (text: string) => placeholders.resolve(text);
  return service.kind === 'launch'
    ? { service: name, launch: launchOf(name, service, resolve, variables) }
    : { service: name, attachment: attachmentOf(name, service, resolve, variables) };
}

type Resolve = (text: string) => string;

function launchOf(service: string, told: LaunchDescription, resolve: Resolve, variables: Variables): Launch {
  const given = Object.entries(told.environment ?? {}).map(
    ([name, value]) => [name, resolve(value)] as const,
  );
  return {
    service,
    command: prepared(told.command, told.shell ?? false, resolve),
    folder: existing(path.resolve(resolve(told.cwd ?? '.')), service),
    environment: environmentFor(variables, Object.fromEntries(given)),
    address: addressOf(resolve(told.ready), service),
    instance: told.instance,
    readyWithinMs: told.readyWithinMs ?? defaultReadyWithinMs,
    graceMs: told.graceMs ?? defaultGraceMs,
  };
}

function attachmentOf(
  service: string,
  told: AttachDescription,
  resolve: Resolve,
  variables: Variables,
): Attachment {
  const commands = Object.entries(told.commands ?? {}).map(
    ([name, command]) => [name, prepared(command, typeof command === 'string', resolve)] as const,
  );
  return {
    service,
    commands: Object.fromEntries(commands),
    environment: environmentFor(variables, {}),
    address: addressOf(resolve(told.ready), service),
    instance: told.instance,
    readyWithinMs: told.readyWithinMs ?? defaultReadyWithinMs,
    commandTimeoutMs: told.commandTimeoutMs ?? defaultCommandTimeoutMs,
  };
}

const wordsIn = (command: Command): readonly string[] => (typeof command === 'string' ? [command] : command);

/** The system would blame the program for a folder that is not there. */
function existing(folder: string, service: string): string {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw new OutlastError(
    'CONFIG_INVALID',
    `expected a folder as \`cwd\` of the service ${service}; there is none at ${folder}`,
  );
}
