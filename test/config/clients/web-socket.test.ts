import { describe, expect, it } from 'vitest';
import { checkedWebSocket, problemsOfWebSocket as problems } from '../problems-of.js';

const made = () => ({});
const at = 'target.client';
const duration = "a duration such as 250 (milliseconds), '250ms', '10s' or '2m'";

describe('the encoding of frames', () => {
  it('is taken as the functions that are given, beside the mission’s own protocol or one’s own', () => {
    const encoding = { decode: made, encode: made };
    expect(checkedWebSocket({ encoding })).toMatchObject({ encoding });
    expect(checkedWebSocket({ encoding, send: made, receive: made })).toMatchObject({ encoding });
  });

  it.each<[unknown, string]>([
    ['msgpack', `${at}.encoding: expected encoding: { decode, encode }; got 'msgpack'`],
    [null, `${at}.encoding: expected encoding: { decode, encode }; got null`],
    [made, `${at}.encoding: expected encoding: { decode, encode }; got a function`],
    [{ decode: made }, `${at}.encoding.encode: expected a function (frame) => text or bytes; got nothing`],
    [{ encode: made }, `${at}.encoding.decode: expected a function (data) => frame; got nothing`],
    [
      { decode: 'json', encode: made },
      `${at}.encoding.decode: expected a function (data) => frame; got 'json'`,
    ],
    [
      { decode: made, encode: { binary: true } },
      `${at}.encoding.encode: expected a function (frame) => text or bytes; got an object`,
    ],
    [
      { decode: made, encode: made, encod: made },
      `${at}.encoding: unknown key 'encod'. Did you mean 'encode'?`,
    ],
    [
      { decode: made, encode: made, binary: true },
      `${at}.encoding: unknown key 'binary'. Known are: decode, encode`,
    ],
  ])('is told what is wrong with it: %o', (encoding, line) => {
    expect(problems({ encoding })).toEqual([line]);
  });
});

describe('pings of the protocol', () => {
  it('are taken with their time in milliseconds', () => {
    expect(checkedWebSocket({ ping: { every: '1s', frame: made }, pong: made })).toMatchObject({
      ping: { everyMs: 1_000, frame: made },
      pong: made,
    });
  });

  it.each<[object, string]>([
    [{ ping: '1s' }, `${at}.ping: expected ping: { every, frame }; got '1s'`],
    [{ ping: null }, `${at}.ping: expected ping: { every, frame }; got null`],
    [{ ping: { frame: made } }, `${at}.ping.every: expected ${duration}; got nothing`],
    [{ ping: { every: 'often', frame: made } }, `${at}.ping.every: expected ${duration}; got 'often'`],
    [{ ping: { every: 0, frame: made } }, `${at}.ping.every: expected a duration of at least 1 ms; got 0`],
    [{ ping: { every: '1s' } }, `${at}.ping.frame: expected a function () => frame; got nothing`],
    [
      { ping: { every: '1s', frame: { type: 'ping' } } },
      `${at}.ping.frame: expected a function () => frame; got an object`,
    ],
    [
      { ping: { every: '1s', frame: made, frames: 2 } },
      `${at}.ping: unknown key 'frames'. Did you mean 'frame'?`,
    ],
    [{ pong: true }, `${at}.pong: expected a function (frame) => frame or null; got true`],
    [{ pong: { type: 'pong' } }, `${at}.pong: expected a function (frame) => frame or null; got an object`],
    [{ pongs: made }, `${at}: unknown key 'pongs'. Did you mean 'pong'?`],
  ])('are told what is wrong with them: %o', (options, line) => {
    expect(problems(options)).toEqual([line]);
  });
});
