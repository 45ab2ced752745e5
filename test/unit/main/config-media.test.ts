/** How many media processes run here, which ports each has, and what contradicts itself. */
import { parseConfig } from '../../../main/config';
import type { Config } from '../../../main/config';
import { localMediaOf } from '../../../main/config/media';
import { isLeftHere } from '../../../main/recording-owners';

const parse = (text: string, env: Record<string, string> = {}): Config => {
  const parsed = parseConfig({ path: 'c.yaml', text, env });
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value;
};

const HOST = 'hosts: [{ name: berlin, address: media.example }]';
const TLS = 'tls: { certificate: a, key: b, ca: c }';

it('cuts the RTP ports into equal slices of whole pairs, and counts the browsers’ ports up', () => {
  const local = localMediaOf(parse('rtpPorts: 20001-20100\nwebRtcPort: 10000', { MEDIA_PROCESSES: '3' }));
  expect(local).toEqual([
    { name: 'media-1', rtpPorts: { first: 20_002, last: 20_033 }, webRtcPort: 10_000 },
    { name: 'media-2', rtpPorts: { first: 20_034, last: 20_065 }, webRtcPort: 10_001 },
    { name: 'media-3', rtpPorts: { first: 20_066, last: 20_100 }, webRtcPort: 10_002 },
  ]);
});

it('starts one per core and four at most by itself, and none beside those of other machines', () => {
  const count = localMediaOf(parse('')).length;
  expect(count).toBeGreaterThanOrEqual(1);
  expect(count).toBeLessThanOrEqual(4);
  expect(localMediaOf(parse(`media: { ${HOST}, ${TLS} }`))).toEqual([]);
});

it.each([
  ['no process at all', 'media: { processes: 0 }', 'calls need one'],
  ['too few ports for each', 'rtpPorts: 20000-20009\nmedia: { processes: 3 }', 'no four ports for each of 3'],
  ['hosts without certificates', `media: { ${HOST} }`, 'media.tls with certificate, key and ca'],
  ['a host with a local name', `media: { hosts: [{ name: media-1, address: a }], ${TLS} }`, '"media-1" is taken'],
  ['browsers’ ports beyond the last', 'webRtcPort: 65535\nmedia: { processes: 2 }', 'webRtcPort 65535 is too high'],
  [
    'a second browsers’ port among others',
    'webRtcPort: 8079\nmedia: { processes: 2 }',
    'httpPort and webRtcPort of media-2',
  ],
])('refuses %s', (_what, text, message) => {
  expect(() => parse(text)).toThrow(message);
});

it('a restarted process ends the recordings that it or a process of earlier days has left, and no other', () => {
  const isMine = isLeftHere(['media-2']);
  expect(['media-1', 'media-7', '', 'media-2', 'host:berlin:9070'].map(isMine)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});
