import { Agent, request } from 'node:http';

// What the bare sides of `sse` and `poll` share.

/** All sessions of a process share it, as users of `node:http` do. */
export const agent = new Agent({ keepAlive: true });

/** Says a message by a request of its own, and reads the answer. */
export function post(url: URL, token: string, said: object, acknowledged: () => void): void {
  const body = JSON.stringify(said);
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  request(url, { method: 'POST', agent, headers }, (response) => {
    let answer = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => (answer += chunk));
    response.once('end', () => {
      const { number } = JSON.parse(answer) as { number?: number };
      if (response.statusCode !== 201 || number === undefined)
        throw new Error(`expected an acknowledgement, got ${response.statusCode}: ${answer}`);
      acknowledged();
    });
  }).end(body);
}

export const placeOf = (url: string, room: string) => new URL(`/rooms/${encodeURIComponent(room)}`, url);
