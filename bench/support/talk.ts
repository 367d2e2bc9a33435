import { tagOf } from '../../build/history/tag.js';

const words = 'words '.repeat(12);

/** Says a message; what becomes of it is told to `acknowledged` and `heard`. */
type Say = (id: string, text: string) => void;

/** The messages of one session, each said when the last one was acknowledged and has come back to who said it. */
export class Talk {
  /** How many were. */
  done = 0;
  id = '';
  text = '';
  #say: Say = () => undefined;
  #number = 0;
  #isAcknowledged = false;
  #hasComeBack = false;

  /** `idOf`: the id of the nth message, which stands in its text as a run has it there. */
  constructor(private readonly idOf: (number: number) => string) {}

  begin(say: Say): void {
    this.#say = say;
    this.#next();
  }

  readonly acknowledged = (): void => {
    this.#isAcknowledged = true;
    if (this.#hasComeBack) this.#finished();
  };

  /** `isIt`: the message that came is the one that was said last. */
  heard(isIt: boolean): void {
    if (!isIt) throw new Error(`expected message ${this.id}, got another one`);
    this.#hasComeBack = true;
    if (this.#isAcknowledged) this.#finished();
  }

  #finished(): void {
    this.done++;
    this.#isAcknowledged = this.#hasComeBack = false;
    this.#next();
  }

  #next(): void {
    this.id = this.idOf(++this.#number);
    this.text = `${tagOf(this.id)} ${words}`;
    this.#say(this.id, this.text);
  }
}
