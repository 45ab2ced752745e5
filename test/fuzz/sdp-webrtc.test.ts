/** Whatever arrives as a browser's SDP is read or refused, in bounded time, and what is read can be answered. */
import { SeededRandom } from '../../base/random';
import { readBrowserDescription } from '../../media/sdp/read-webrtc';
import { writeWebrtcAnswer } from '../../media/sdp/write-webrtc';
import {
  CHROMIUM_ANSWER,
  CHROMIUM_OFFER,
  CHROMIUM_VIDEO_FIRST_OFFER,
  LOCAL_SESSION,
} from '../unit/media/webrtc-samples';

const SEED = Number(process.env['FUZZ_SEED'] ?? 20261122);
const ROUNDS = Number(process.env['FUZZ_ROUNDS'] ?? 20_000);
const SAMPLES = [CHROMIUM_ANSWER, CHROMIUM_OFFER, CHROMIUM_VIDEO_FIRST_OFFER];
const FRAGMENTS = [
  '\r\n',
  '\n',
  '=',
  ':',
  ' ',
  '/',
  '0',
  '-1',
  '4294967296',
  '99999999999999999999',
  '1e308',
  'NaN',
  '\u0000',
  'é',
  '%s',
  '__proto__',
  'constructor',
  'a=',
  'm=audio',
  'BUNDLE',
  ';',
];

type Mutation = (sdp: string, random: SeededRandom) => string;

const MUTATIONS: readonly Mutation[] = [
  (sdp, random) => sdp.slice(0, random.int(sdp.length)),
  (sdp, random) => spliced(sdp, random, random.pick(FRAGMENTS)),
  (sdp, random) => spliced(sdp, random, String.fromCharCode(random.int(0x250))),
  (sdp, random) => {
    const lines = sdp.split('\r\n');
    lines.splice(random.int(lines.length), 1);
    return lines.join('\r\n');
  },
  (sdp, random) => {
    const lines = sdp.split('\r\n');
    lines.splice(random.int(lines.length), 0, random.pick(lines));
    return lines.join('\r\n');
  },
  (sdp, random) => {
    const lines = sdp.split('\r\n');
    const [a, b] = [random.int(lines.length), random.int(lines.length)];
    [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
    return lines.join('\r\n');
  },
  (sdp, random) => sdp.replace(new RegExp(`\\d{${1 + random.int(4)}}`), random.pick(FRAGMENTS)),
];

const spliced = (sdp: string, random: SeededRandom, insert: string): string => {
  const at = random.int(sdp.length);
  return sdp.slice(0, at) + insert + sdp.slice(at + random.int(4));
};

test(`${ROUNDS} mutated browser descriptions (seed ${SEED})`, () => {
  const random = new SeededRandom(SEED);
  let readable = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    let sdp = random.pick(SAMPLES);
    for (let count = 1 + random.int(4); count > 0; count -= 1) sdp = random.pick(MUTATIONS)(sdp, random);
    try {
      const result = readBrowserDescription(sdp);
      if (!result.ok) {
        expect(['bad_input', 'not_acceptable_media']).toContain(result.fault.code);
        continue;
      }
      readable += 1;
      const { audio, sections } = result.value;
      const [codec] = audio.codecs;
      if (!codec) throw new Error('audio was accepted without a codec');
      const [event] = audio.events;
      const answer = writeWebrtcAnswer(LOCAL_SESSION, result.value, { codec, event, setup: 'passive' });
      expect(answer.match(/^m=/gm)).toHaveLength(sections.length);
      expect(readBrowserDescription(answer).ok).toBe(true);
    } catch (error) {
      throw new Error(`round ${round} of seed ${SEED} with ${JSON.stringify(sdp)}`, { cause: error });
    }
  }
  expect(readable).toBeGreaterThan(ROUNDS / 10);
  expect(readable).toBeLessThan(ROUNDS);
}, 300_000);

test('a description built to be slow is refused or read in no time', () => {
  const evil = [
    `v=0\r\nm=audio ${'9'.repeat(30_000)} x`,
    `v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF${' 0'.repeat(15_000)}\r\n`,
    `v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=candidate:${'1 '.repeat(15_000)}`,
    `v=0\r\na=group:BUNDLE${' 0'.repeat(15_000)}\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n`,
    `v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n${'a=ssrc:1 cname:x\r\n'.repeat(1_700)}`,
    `v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=extmap:1 ${' '.repeat(30_000)}x`,
  ];
  for (const sdp of evil) {
    const startedMs = performance.now();
    readBrowserDescription(sdp);
    expect(performance.now() - startedMs).toBeLessThan(500);
  }
});
