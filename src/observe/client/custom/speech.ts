import { messageOf } from '../../../base/errors.js';
import type { MessageId } from '../../../history/events.js';
import type { Answer, Call, Outgoing, SendCall } from '../port.js';
import { Outstanding } from '../shared/outstanding.js';
import { wordOf } from '../shared/receipt.js';
import type { Veil } from '../shared/veil.js';
import type { ClientHandles, Reply } from './definition.js';
import { called, type Kit } from './kit.js';
import type { Ledger } from './ledger.js';

/** What a session says, and what it is answered. */
export class Speech {
  readonly #outstanding = new Outstanding();

  constructor(
    private readonly kit: Kit,
    private readonly of: {
      readonly session: string;
      readonly user: string;
      readonly ledger: Ledger;
      readonly veil: () => Veil;
    },
  ) {}

  say(
    { message: id, room, text }: Outgoing,
    handles: ClientHandles,
    { signal, written }: SendCall,
  ): Promise<Answer> {
    if (signal.aborted) return unoffered('called off before anything was sent');
    written();
    this.of.ledger.offered(id);
    const answer = this.#outstanding.add(id, signal);
    void this.#offer(id, handles, { room, text, signal });
    if (this.kit.definition.lacks?.acknowledgements === undefined) return answer;
    this.#outstanding.settle(id, { answer: 'unsure', reason: 'the client has no acknowledgements' });
    return answer;
  }

  /** The client told it, or its `send` resolved to it. */
  answer(id: MessageId, reply: unknown): void {
    const verdict = this.of.ledger.answered(id);
    if (verdict === 'never-sent') {
      const shown = typeof id === 'string' ? this.#veiled(id) : `a ${typeof id}`;
      return this.kit.breach({
        rule: 'acknowledges-what-was-sent',
        did: `answered ${shown}, which session ${this.of.session} never sent`,
      });
    }
    if (verdict === 'once-too-often') {
      const did = `answered ${id} of session ${this.of.session} once more than it was sent`;
      return this.kit.breach({ rule: 'acknowledges-once', did });
    }
    this.#outstanding.settle(id, this.#answerOf(reply));
  }

  lost(reason: string): void {
    this.#outstanding.settleAll({ answer: 'unsure', reason });
  }

  async #offer(
    id: MessageId,
    handles: ClientHandles,
    { room, text, signal }: Call & { readonly room: string; readonly text: string },
  ): Promise<void> {
    try {
      const message = { id, room, text, user: this.of.user };
      const reply = await called(this.kit, 'send', () => handles.send(message, { signal }));
      if (reply === undefined) return;
      if (isReply(reply)) return this.answer(id, reply);
      this.kit.breach({ rule: 'answers', did: 'resolved `send` to something that is no answer' });
    } catch (error) {
      const did = `failed in \`send\` with ${this.#veiled(messageOf(error))}`;
      this.kit.breach({ rule: 'answers', did });
      this.#outstanding.settle(id, { answer: 'unsure', reason: '`send` of the client failed' });
    }
  }

  #answerOf(reply: unknown): Answer {
    const { answer, position, storedAs, reason = 'no reason given' } = reply as Partial<Answers>;
    if (answer === 'nack' || answer === 'unsure') return { answer, reason: this.#veiled(String(reason)) };
    const id = wordOf(storedAs);
    const at = wordOf(position);
    return {
      answer: 'ack',
      ...(id === undefined ? {} : { id }),
      ...(at === undefined ? {} : { position: at }),
    };
  }

  #veiled(text: string): string {
    return this.of.veil().over(text, () => undefined);
  }
}

interface Answers {
  readonly answer: string;
  readonly position: unknown;
  readonly storedAs: unknown;
  readonly reason: unknown;
}

function isReply(given: unknown): given is Reply {
  if (typeof given !== 'object' || given === null) return false;
  return ['ack', 'nack', 'unsure'].includes(String(Reflect.get(given, 'answer')));
}

const unoffered = (reason: string): Promise<Answer> => Promise.resolve({ answer: 'unoffered', reason });
