import type { Event, MessageId } from '../../history/events.js';
import { isCanonical, partsOf } from '../../history/tag.js';
import { Bytes, Writer, type Reader } from './bytes.js';
import { half, halfOf, isWhole, textOf } from './digits.js';
import { Names, unnumbered } from './names.js';

type Fields = Readonly<Record<string, unknown>>;
/** Of each field, by its number, the last text or number that it had in this record. */
type Before = unknown[];
/** The number of the field `message`. */
const ofMessage = 0;

/** So many texts are numbered; a history with more has a text of its own in every event. */
const mostNames = 2 ** 16;

/** How the value of a field is written. */
const ways = {
  /** The text that the field had before in this record. */
  asBefore: 0,
  /** The text of the field `message`, of this event where that comes first. */
  asMessage: 1,
  /** A whole number in digits. */
  digits: 2,
  /** Sixteen hexadecimal digits. */
  digest: 3,
  /** A message of this run. */
  message: 4,
  /** One of many events with this text. */
  name: 5,
  letters: 6,
  /** A whole number from 1. */
  whole: 7,
  number: 8,
  /** It is held as it came. */
  other: 9,
  /** In thousandths, from the number that the field had before in this record: most times are near each other, and no finer. */
  near: 10,
} as const;
type Way = (typeof ways)[keyof typeof ways];

interface Field {
  readonly key: string;
  readonly number: number;
  readonly way: Way;
}

/** The fields of an event, in their order, and how each is written. */
interface Shape {
  readonly fields: readonly Field[];
  /** An event of this shape with nothing in it: a copy is made sooner than field after field is added. */
  readonly template: Fields;
  /** By the next field. */
  readonly next: Map<string, (Shape | undefined)[]>;
  /** Null: no event ends here. */
  number: number | null;
}

/** Events as bytes, a tenth of what they weigh as objects. What comes out is equal to what went in, whatever its fields are. */
export class Packing {
  readonly #names: Names;
  readonly #bytes = new Bytes();
  readonly #writer = new Writer();
  readonly #root = shapeOf([]);
  readonly #shapes: Shape[] = [];
  readonly #others: unknown[] = [];
  /** The number of each field. */
  readonly #keys = new Map([['message', ofMessage]]);

  constructor(run: string) {
    this.#names = new Names(run);
  }

  /** One record of several lists about one message; returns its address. */
  add(message: MessageId, lists: readonly (readonly object[])[]): number {
    const before: Before = [message];
    for (const list of lists) {
      this.#writer.count(list.length);
      for (const event of list) this.#write(event as Fields, before);
    }
    return this.#bytes.add(this.#writer.taken());
  }

  /** The lists of a record, to be asked for in their order. */
  at(message: MessageId, address: number): Unpacking {
    return new Unpacking(this, this.#bytes.reader(address), [message]);
  }

  #write(event: Fields, before: Before): void {
    let shape = this.#root;
    for (const key in event) {
      const value = event[key];
      const number = this.#keys.get(key) ?? this.#keys.size;
      this.#keys.set(key, number);
      shape = nextOf(shape, { key, number, way: this.#wayOf(number, value, before) });
      if (typeof value === 'string') before[number] = value;
    }
    this.#writer.count((shape.number ??= this.#shapes.push(shape) - 1));
    for (const { key, number, way } of shape.fields) {
      const value = event[key];
      if (typeof value === 'string') this.#text(way, value);
      else if (typeof value !== 'number') this.#writer.count(this.#others.push(value) - 1);
      else {
        this.#number(way, value, before[number]);
        before[number] = value;
      }
    }
  }

  #number(way: Way, value: number, last: unknown): void {
    if (way === ways.whole) this.#writer.count(value);
    else if (way === ways.near) this.#writer.count(unsigned(thousandthsIn(value) - thousandthsIn(last)));
    else this.#writer.number(value);
  }

  #wayOf(field: number, value: unknown, before: Before): Way {
    if (typeof value === 'number') return wayOfNumber(value);
    if (typeof value !== 'string') return ways.other;
    if (before[field] === value) return ways.asBefore;
    if (before[ofMessage] === value) return ways.asMessage;
    if (isWhole(value)) return ways.digits;
    if (value.length === 2 * half && halfOf(value, 0) >= 0 && halfOf(value, half) >= 0) return ways.digest;
    if (this.#isOfRun(value)) return ways.message;
    return this.#names.numberWithin(value, mostNames) === unnumbered ? ways.letters : ways.name;
  }

  #isOfRun(text: string): boolean {
    const parts = partsOf(text);
    if (parts?.run !== this.#names.run || !isCanonical(text, parts)) return false;
    return this.#names.numberWithin(parts.session, mostNames) !== unnumbered;
  }

  #text(way: Way, text: string): void {
    if (way === ways.digits) this.#writer.count(Number(text));
    else if (way === ways.name) this.#writer.count(this.#names.numberOf(text));
    else if (way === ways.message) this.#message(text);
    else if (way === ways.digest) {
      this.#writer.count(halfOf(text, 0));
      this.#writer.count(halfOf(text, half));
    } else if (way === ways.letters) {
      this.#writer.count(text.length);
      for (let at = 0; at < text.length; at++) this.#writer.count(text.charCodeAt(at));
    }
  }

  #message(text: string): void {
    const { session = '', number = 0 } = partsOf(text) ?? {};
    this.#writer.count(this.#names.numberOf(session));
    this.#writer.count(number);
  }

  /** The next event of a record. */
  read(reader: Reader, before: Before): Event {
    const { fields, template } = this.#shapes[reader.count()] ?? this.#root;
    const event: Record<string, unknown> = { ...template };
    for (const { key, number, way } of fields) {
      const value = this.#value(way, number, reader, before);
      if (way !== ways.other) before[number] = value;
      event[key] = value;
    }
    // Equal to what was written, which was an event.
    return event as unknown as Event;
  }

  #value(way: Way, field: number, reader: Reader, before: Before): unknown {
    switch (way) {
      case ways.asBefore:
        return before[field];
      case ways.asMessage:
        return before[ofMessage];
      case ways.digits:
        return String(reader.count());
      case ways.digest:
        return textOf(reader.count()) + textOf(reader.count());
      case ways.message:
        return `${this.#names.run}.${this.#names.nameOf(reader.count())}.${reader.count()}`;
      case ways.name:
        return this.#names.nameOf(reader.count());
      case ways.letters:
        return lettersOf(reader);
      case ways.other:
        return this.#others[reader.count()];
      default:
        return numberFrom(way, reader, before[field]);
    }
  }
}

/** So many to one. */
const thousandth = 1_000;
/** Two of these still differ by a safe integer, with its sign. */
const mostThousandths = 2 ** 50;

/** A number in thousandths, or what is nearest; 0 of anything else, and of a number that is too large. */
function thousandthsIn(value: unknown): number {
  const whole = typeof value === 'number' ? Math.round(value * thousandth) : 0;
  // A zero without a sign, so that one with a sign is seen to be another.
  return Math.abs(whole) < mostThousandths ? whole + 0 : 0;
}

function wayOfNumber(value: number): Way {
  if (Number.isSafeInteger(value) && value > 0 && value < thousandth) return ways.whole;
  return Object.is(thousandthsIn(value) / thousandth, value) ? ways.near : ways.number;
}

function numberFrom(way: Way, reader: Reader, last: unknown): number {
  if (way === ways.near) return (thousandthsIn(last) + signed(reader.count())) / thousandth;
  return way === ways.whole ? reader.count() : reader.number();
}

/** A whole number with its sign as one without, and back: what is near 0 stays small. */
const unsigned = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
const signed = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2);

/** A record that is being read. */
export class Unpacking {
  readonly #packing: Packing;
  readonly #reader: Reader;
  readonly #before: Before;

  constructor(packing: Packing, reader: Reader, before: Before) {
    this.#packing = packing;
    this.#reader = reader;
    this.#before = before;
  }

  /** Who asks knows what was put there. */
  list<E extends Event>(): E[] {
    const events: Event[] = [];
    for (let left = this.#reader.count(); left > 0; left--)
      events.push(this.#packing.read(this.#reader, this.#before));
    return events as E[];
  }
}

function shapeOf(fields: Shape['fields']): Shape {
  // As it would be parsed: V8 makes such an object in one piece.
  const template = JSON.parse(
    JSON.stringify(Object.fromEntries(fields.map(({ key }) => [key, null]))),
  ) as Fields;
  return { fields, template, next: new Map(), number: null };
}

function nextOf(shape: Shape, field: Field): Shape {
  let byWay = shape.next.get(field.key);
  if (!byWay) shape.next.set(field.key, (byWay = []));
  return (byWay[field.way] ??= shapeOf([...shape.fields, field]));
}

function lettersOf(reader: Reader): string {
  let text = '';
  for (let left = reader.count(); left > 0; left--) text += String.fromCharCode(reader.count());
  return text;
}
