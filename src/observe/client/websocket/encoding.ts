import { attempted, encodedBy, MappingFailure, type MappingName } from '../shared/mapping.js';
import type { Encoding, Sendable } from './options.js';

/** What a function made for the wire: as JSON, unless an encoding says otherwise. Throws `MappingFailure`. */
export function forTheWire(
  encoding: Encoding | undefined,
  mapping: MappingName,
  make: () => unknown,
  on?: unknown,
): Sendable {
  if (!encoding) return encodedBy(mapping, make, on);
  const frame = attempted(mapping, make, on);
  const data: unknown = attempted('encoding.encode', () => encoding.encode(frame), frame);
  if (typeof data === 'string' || data instanceof Uint8Array) return data;
  throw new MappingFailure('encoding.encode', { gave: data }, frame);
}

/** A frame that came. Throws where it is none: no JSON, or nothing that the encoding can read. */
export function fromTheWire(encoding: Encoding | undefined, data: Buffer, isBinary: boolean): unknown {
  if (!encoding) return JSON.parse(data.toString());
  return encoding.decode(isBinary ? new Uint8Array(data) : data.toString());
}
