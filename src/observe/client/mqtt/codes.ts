/** What a code of the broker says. Source: MQTT 3.1.1, 3.2.2.3; MQTT 5, 2.4. */
const words: Readonly<Record<number, string>> = {
  1: 'unacceptable protocol version',
  2: 'client identifier rejected',
  3: 'server unavailable',
  4: 'bad user name or password',
  5: 'not authorized',
  128: 'unspecified error',
  129: 'malformed packet',
  130: 'protocol error',
  131: 'implementation specific error',
  132: 'unsupported protocol version',
  133: 'client identifier not valid',
  134: 'bad user name or password',
  135: 'not authorized',
  136: 'server unavailable',
  137: 'server busy',
  138: 'banned',
  139: 'server shutting down',
  140: 'bad authentication method',
  141: 'keep alive timeout',
  142: 'session taken over',
  143: 'topic filter invalid',
  144: 'topic name invalid',
  147: 'receive maximum exceeded',
  149: 'packet too large',
  150: 'message rate too high',
  151: 'quota exceeded',
  152: 'administrative action',
  155: 'QoS not supported',
  156: 'use another server',
  157: 'server moved',
  159: 'connection rate exceeded',
  160: 'maximum connect time',
};

/** From here on a code of MQTT 5 says that something failed; in a SUBACK of 3.1.1 too. */
export const isFailure = (code: number): boolean => code >= 128;

/** `CONNACK 5, not authorized: said by the broker` */
export function codeInWords(packet: string, code: number, said = ''): string {
  const meaning = words[code] ?? '';
  return [[`${packet} ${code}`, meaning].filter((part) => part !== '').join(', '), said]
    .filter((part) => part !== '')
    .join(': ');
}

/**
 * The status of HTTP that means the same, for the codes by which credentials are refused: histories know a refused token by
 * it. Undefined for all others.
 */
export function statusOf(code: number): 401 | 403 | undefined {
  if (code === 4 || code === 134) return 401;
  return code === 5 || code === 135 ? 403 : undefined;
}

/** The broker does not speak the version that it was spoken to in. */
export const isVersion = (code: number): boolean => code === 1 || code === 132;
