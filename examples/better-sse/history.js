import { randomUUID } from 'node:crypto';
import { appendFileSync, fsyncSync, ftruncateSync, openSync, readFileSync } from 'node:fs';

/** The id before the first one. */
const beginning = '0';

/** What was said, with the ids of its events. Without a file it lives as long as this process. */
export class History {
  #rooms = new Map(); // room → its posts, the oldest first
  #said = new Map(); // user and key → the post: what is said again is the same post
  #file;

  constructor(path) {
    if (path === undefined) return;
    this.#file = openSync(path, 'a+');
    // The last process left whole lines; a torn one at the end was never acknowledged.
    const stored = readFileSync(this.#file, 'utf8');
    const whole = stored.slice(0, stored.lastIndexOf('\n') + 1);
    ftruncateSync(this.#file, Buffer.byteLength(whole));
    for (const line of whole.split('\n').slice(0, -1)) this.#remember(JSON.parse(line));
  }

  of(room) {
    return this.#rooms.get(room) ?? [];
  }

  known(user, key) {
    return this.#said.get(`${user} ${key}`);
  }

  /** Keeps a post and gives it its id: a number where it is kept on disk, else what better-sse would make up. */
  keep({ room, user, key, text }) {
    const id = this.#file === undefined ? randomUUID() : String(this.of(room).length + 1);
    const post = { room, user, key, text, id };
    if (this.#file !== undefined) {
      appendFileSync(this.#file, `${JSON.stringify(post)}\n`);
      fsyncSync(this.#file);
    }
    this.#remember(post);
    return post;
  }

  /** What came after the event with this id; nothing where there is no such event. */
  after(room, id) {
    const posts = this.of(room);
    const index = posts.findIndex((post) => post.id === id);
    return index < 0 && id !== beginning ? [] : posts.slice(index + 1);
  }

  /** The id of the newest event of a room. Who has heard nothing yet in an empty room has a cursor as well. */
  last(room) {
    return this.of(room).at(-1)?.id ?? beginning;
  }

  #remember(post) {
    this.#rooms.set(post.room, [...this.of(post.room), post]);
    this.#said.set(`${post.user} ${post.key}`, post);
  }
}
