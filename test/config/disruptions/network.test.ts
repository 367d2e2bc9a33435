import { describe, expect, it } from 'vitest';
import { network, toxiproxy } from '../../../src/config/face.js';
import { checkedDisruption, problemsOfDisruption as problems } from '../problems-of.js';

const duration = "a duration such as 250 (milliseconds), '250ms', '10s' or '2m'";
const types =
  'a fault of the network: latency, bandwidth, slow_close, timeout, reset_peer, slicer, limit_data, down or half_open';
const url = 'http://127.0.0.1:8474';

describe('network', () => {
  it.each([
    ['latency', { latency: 100, jitter: 5 }],
    ['bandwidth', { rate: 0.5 }],
    ['slow_close', { delay: 10 }],
    ['timeout', { timeout: 0 }],
    ['reset_peer', { timeout: 250 }],
    ['slicer', { average_size: 10, size_variation: 2, delay: 100 }],
    ['limit_data', { bytes: 0 }],
    ['down', {}],
    ['half_open', {}],
  ])('takes %s as Toxiproxy names it', (type, attributes) => {
    expect(checkedDisruption({ kind: 'network', type, attributes, stream: 'upstream', for: '1s' })).toEqual({
      ...{ kind: 'network', forMs: 1_000, fault: { type, stream: 'upstream', attributes } },
    });
  });

  it('leads downstream for three seconds unless told, and needs no attributes where there is a usual one', () => {
    const usual = { stream: 'downstream', attributes: { timeout: 0 } };
    for (const type of ['timeout', 'reset_peer'] as const) {
      expect(checkedDisruption(network({ type }))).toEqual({
        ...{ kind: 'network', forMs: 3_000, fault: { type, ...usual } },
      });
    }
    for (const type of ['down', 'half_open'] as const) {
      expect(checkedDisruption(network({ type }))).toMatchObject({ fault: { type, attributes: {} } });
    }
  });

  it.each<[object, string]>([
    [{}, `disruption.type: expected ${types}; got nothing`],
    [{ type: 'latncy' }, `disruption.type: expected ${types}; got 'latncy'. Did you mean 'latency'?`],
    [{ type: 'half-open' }, `disruption.type: expected ${types}; got 'half-open'. Did you mean 'half_open'?`],
    [{ type: 'earthquake' }, `disruption.type: expected ${types}; got 'earthquake'`],
    [{ type: 'latency' }, 'disruption.attributes: expected { latency, jitter }; got nothing'],
    [{ type: 'bandwidth' }, 'disruption.attributes: expected { rate }; got nothing'],
    [{ type: 'slow_close' }, 'disruption.attributes: expected { delay }; got nothing'],
    [
      { type: 'slicer' },
      'disruption.attributes: expected { average_size, size_variation, delay }; got nothing',
    ],
    [{ type: 'limit_data' }, 'disruption.attributes: expected { bytes }; got nothing'],
    [{ type: 'down', stream: 'both' }, "disruption.stream: expected 'upstream' or 'downstream'; got 'both'"],
    [{ type: 'down', for: 'ever' }, `disruption.for: expected ${duration}; got 'ever'`],
    [
      { type: 'down', toxicity: 1 },
      "disruption: unknown key 'toxicity'. Known are: type, attributes, stream, for, through",
    ],
    [
      { type: 'down', services: ['chat'] },
      "disruption: unknown key 'services'. Known are: type, attributes, stream, for, through",
    ],
  ])('is told what is wrong with %j', (options, line) => {
    expect(problems({ kind: 'network', ...options })).toEqual([line]);
  });

  const at = 'disruption.attributes';
  it.each<[string, unknown, string]>([
    ['latency', {}, `${at}.latency: expected a number of milliseconds; got nothing`],
    ['latency', { latency: '100ms' }, `${at}.latency: expected a number of milliseconds; got '100ms'`],
    ['latency', { latency: -1 }, `${at}.latency: expected a number of milliseconds; got -1`],
    ['latency', { latency: 1, jiter: 3 }, `${at}: unknown key 'jiter'. Did you mean 'jitter'?`],
    ['bandwidth', { rate: 0 }, `${at}.rate: expected kilobytes a second; got 0`],
    ['slow_close', { delay: null }, `${at}.delay: expected a number of milliseconds; got null`],
    ['timeout', { timeout: 'soon' }, `${at}.timeout: expected a number of milliseconds; got 'soon'`],
    ['reset_peer', 5, `${at}: expected { timeout }; got 5`],
    ['slicer', { average_size: 0 }, `${at}.average_size: expected a number of bytes; got 0`],
    ['slicer', { average_size: 9, delay: -1 }, `${at}.delay: expected a number of microseconds; got -1`],
    ['limit_data', { bytes: 'many' }, `${at}.bytes: expected a number of bytes; got 'many'`],
    ['down', { timeout: 1 }, `${at}: unknown key 'timeout'. There are none`],
    ['half_open', { timeout: 1 }, `${at}: unknown key 'timeout'. There are none`],
    ['half_open', 'yes', `${at}: expected no attributes; got 'yes'`],
  ])('is told what is wrong with the attributes of %s: %j', (type, attributes, line) => {
    expect(problems({ kind: 'network', type, attributes })).toEqual([line]);
  });
});

describe('toxiproxy', () => {
  const through = (options: unknown) => ({ kind: 'network', type: 'down', through: options });

  it('is the one that is told, and where its proxy listens and leads', () => {
    const led = { listen: '127.0.0.1:8666', upstream: '127.0.0.1:{port:chat.1}' };
    expect(checkedDisruption(through(toxiproxy({ url, proxy: 'chat' })))).toMatchObject({
      through: { url, proxy: 'chat' },
    });
    expect(checkedDisruption(through(toxiproxy({ url, proxy: 'chat', ...led })))).toMatchObject({
      through: { url, proxy: 'chat', ...led },
    });
  });

  const at = 'disruption.through';
  it.each<[unknown, string]>([
    [url, `${at}: expected toxiproxy({ url: 'http://127.0.0.1:8474', proxy }); got '${url}'`],
    [
      { kind: 'toxiproxy', url: '127.0.0.1:8474', proxy: 'chat' },
      `${at}.url: expected Toxiproxy's HTTP interface, such as 'http://127.0.0.1:8474': an address that begins with http:// or https://; got '127.0.0.1:8474'`,
    ],
    [{ kind: 'toxiproxy', url }, `${at}.proxy: expected the name of a proxy; got nothing`],
    [
      { kind: 'toxiproxy', url, proxy: 'chat', listn: 'x' },
      `${at}: unknown key 'listn'. Did you mean 'listen'?`,
    ],
    [
      { kind: 'toxiproxy', url, proxy: 'chat', listen: 8666, upstream: 'y:1' },
      `${at}.listen: expected where it listens: '127.0.0.1:8666'; got 8666`,
    ],
    [
      { kind: 'toxiproxy', url, proxy: 'chat', listen: '127.0.0.1:8666' },
      `${at}.upstream: expected where it leads: a proxy is made with \`listen\` and \`upstream\`; got nothing`,
    ],
    [
      { kind: 'toxiproxy', url, proxy: 'chat', upstream: '127.0.0.1:1' },
      `${at}.listen: expected where it listens: a proxy is made with \`listen\` and \`upstream\`; got nothing`,
    ],
    [
      { kind: 'toxiproxy', url, proxy: 'chat', listen: '127.0.0.1:8666', upstream: '127.0.0.1:{port:chta}' },
      `${at}.upstream: {port:chta} stands in no service's command, environment or ready. Did you mean 'chat'?`,
    ],
  ])('is told what is wrong with %j', (options, line) => {
    expect(problems(through(options))).toEqual([line]);
  });

  it('has no half_open, which only our own relay has', () => {
    expect(
      problems({ kind: 'network', type: 'half_open', through: toxiproxy({ url, proxy: 'chat' }) }),
    ).toEqual([
      `${at}: expected our own relay for half_open, which Toxiproxy does not have; got what toxiproxy(…) gives`,
    ]);
  });
});
