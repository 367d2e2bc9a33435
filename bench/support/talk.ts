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

  /** `idOf`: the id of the nth message. `identityOf`: the word at the beginning of its text. */
  constructor(
    private readonly idOf: (number: number) => string,
    private readonly identityOf: (id: string) => string,
  ) {}

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
    this.text = `${this.identityOf(this.id)} ${words}`;
    this.#say(this.id, this.text);
  }
}
