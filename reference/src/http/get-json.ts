import { get } from 'node:http';

export interface GetOptions {
  /** In ms, from the question to the whole answer. */
  readonly timeoutMs: number;
}

/**
 * What an address answers with 200, read as JSON. Rejects with anything else. `fetch` would do the same, and its first use loads a
 * tenth of all that a service loads at its start.
 */
export async function getJson(url: URL, { timeoutMs }: GetOptions): Promise<unknown> {
  // Whoever does not need it does not load it.
  const ask = url.protocol === 'https:' ? (await import('node:https')).get : get;
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const asking = ask(url, { signal, agent: false, headers: { accept: 'application/json' } }, (answer) => {
      const { statusCode } = answer;
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (text += chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        if (statusCode === 200) resolve(parsed(text));
        else reject(new Error(`expected 200, got ${statusCode ?? 'no status'}`));
      });
    });
    asking.on('error', reject);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Rejected by whoever asks for a shape.
    return undefined;
  }
}
