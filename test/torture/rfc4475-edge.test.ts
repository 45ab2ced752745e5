/**
 * The 49 messages of RFC 4475 through the running edge, over UDP and TCP: which reach the app, which are answered with
 * what, and which are discarded. The section numbers are the RFC's.
 *
 * Where the RFC lets an element choose, the row says what we chose. Media types, credentials and Accept (3.3.6, 3.3.7,
 * 3.3.15) are the app's business, as with drachtio-server: those messages are handed over whole.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fate, Transport } from './torture-bench';
import { TortureBench } from './torture-bench';

const FOLDER = join(__dirname, '../fixtures/rfc4475');

type Outcome =
  | { readonly kind: 'accepted'; readonly method: string }
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'discarded' };

const accepted = (method: string): Outcome => ({ kind: 'accepted', method });
const answered = (status: number): Outcome => ({ kind: 'answered', status });
const discarded: Outcome = { kind: 'discarded' };

/** `overTcp` is given where a stream makes a difference. */
type Row = readonly [section: string, name: string, note: string, outcome: Outcome, overTcp?: Outcome];

const ROWS: readonly Row[] = [
  ['3.1.1.1', 'wsinv', 'within a dialog that does not exist', answered(481)],
  ['3.1.1.2', 'intmeth', 'a method that no app takes', answered(405)],
  ['3.1.1.3', 'esc01', '% escapes', accepted('INVITE')],
  ['3.1.1.4', 'escnull', 'escaped nulls in URIs', accepted('REGISTER')],
  ['3.1.1.5', 'esc02', 'a method with % in it, which is no escape', answered(405)],
  ['3.1.1.6', 'lwsdisp', 'no white space between display name and <', accepted('OPTIONS')],
  ['3.1.1.7', 'longreq', 'long values in header fields', accepted('INVITE')],
  ['3.1.1.8', 'dblreq', 'extra octets: dropped in a datagram, the next message in a stream', accepted('REGISTER')],
  ['3.1.1.9', 'semiuri', 'semicolon-separated parameters in the user part', accepted('OPTIONS')],
  ['3.1.1.10', 'transports', 'varied and unknown transports', accepted('OPTIONS')],
  ['3.1.1.11', 'mpart01', 'multipart body', accepted('MESSAGE')],
  ['3.1.1.12', 'unreason', 'a response to nothing that we sent', discarded],
  ['3.1.1.13', 'noreason', 'a response to nothing that we sent', discarded],
  ['3.1.2.1', 'badinv01', 'extraneous separators', answered(400)],
  ['3.1.2.2', 'clerr', 'Content-Length too large; a stream waits for the rest', answered(400), discarded],
  ['3.1.2.3', 'ncl', 'negative Content-Length', answered(400)],
  ['3.1.2.4', 'scalar02', 'request scalars with overlarge values', answered(400)],
  ['3.1.2.5', 'scalarlg', 'response scalars with overlarge values', discarded],
  ['3.1.2.6', 'quotbal', 'unterminated quoted string', answered(400)],
  ['3.1.2.7', 'ltgtruri', '<> enclosing the Request-URI', answered(400)],
  ['3.1.2.8', 'lwsruri', 'white space in the Request-URI', answered(400)],
  ['3.1.2.9', 'lwsstart', 'multiple spaces in the start line', answered(400)],
  ['3.1.2.10', 'trws', 'spaces at the end of the Request-Line', answered(400)],
  ['3.1.2.11', 'escruri', 'escaped headers in the Request-URI', answered(400)],
  ['3.1.2.12', 'baddate', 'invalid time zone in Date: left alone', accepted('INVITE')],
  ['3.1.2.13', 'regbadct', 'name-addr URI not enclosed in <>', answered(400)],
  ['3.1.2.14', 'badaspec', 'spaces within addr-spec', answered(400)],
  // The file ends without the empty line, for which a stream waits.
  ['3.1.2.15', 'baddn', 'display name without quotes: they are inferred', accepted('OPTIONS'), discarded],
  ['3.1.2.16', 'badvers', 'unknown protocol version', answered(505)],
  ['3.1.2.17', 'mismatch01', 'start line and CSeq methods differ', answered(400)],
  ['3.1.2.18', 'mismatch02', 'unknown method with CSeq mismatch', answered(400)],
  ['3.1.2.19', 'bigcode', 'overlarge response code', discarded],
  ['3.2.1', 'badbranch', 'branch without a transaction id: matched as RFC 2543 says', accepted('OPTIONS')],
  ['3.3.1', 'insuf', 'missing required header fields', answered(400)],
  ['3.3.2', 'unkscm', 'Request-URI with an unknown scheme', answered(416)],
  ['3.3.3', 'novelsc', 'Request-URI with a known but atypical scheme', answered(416)],
  ['3.3.4', 'unksm2', 'unknown schemes in header fields', accepted('REGISTER')],
  ['3.3.5', 'bext01', 'unknown Require and Proxy-Require', answered(420)],
  ['3.3.6', 'invut', 'unknown content type', accepted('INVITE')],
  ['3.3.7', 'regaut01', 'unknown authorization scheme', accepted('REGISTER')],
  ['3.3.8', 'multi01', 'multiple values in single-value headers', answered(400)],
  ['3.3.9', 'mcl01', 'multiple Content-Length values', answered(400)],
  ['3.3.10', 'bcast', '200 OK with a broadcast Via', discarded],
  ['3.3.11', 'zeromf', 'Max-Forwards of zero: OPTIONS is for us then', accepted('OPTIONS')],
  ['3.3.12', 'cparam01', 'REGISTER with a Contact header parameter', accepted('REGISTER')],
  ['3.3.13', 'cparam02', 'REGISTER with a URL parameter', accepted('REGISTER')],
  ['3.3.14', 'regescrt', 'REGISTER with a URL-escaped header', accepted('REGISTER')],
  ['3.3.15', 'sdp01', 'unacceptable Accept offering', accepted('INVITE')],
  ['3.4.1', 'inv2543', 'INVITE with RFC 2543 syntax', accepted('INVITE')],
];

/** Behind these the edge cannot know where the next message of a stream begins, and gives the stream up. */
const ENDS_STREAM = new Set(['bigcode', 'mcl01', 'ncl', 'dblreq']);

/** The app of the bench answers INVITE with 486 and everything else with 200. */
const expectedFate = (outcome: Outcome): Omit<Fate, 'hungUp'> => {
  switch (outcome.kind) {
    case 'accepted':
      return { answers: [outcome.method === 'INVITE' ? 486 : 200], handedOver: [outcome.method] };
    case 'answered':
      return { answers: [outcome.status], handedOver: [] };
    case 'discarded':
      return { answers: [], handedOver: [] };
  }
};

const fateOf = async (transport: Transport, name: string): Promise<Fate> => {
  const bench = await TortureBench.start();
  try {
    return await bench.throwAt(transport, readFileSync(join(FOLDER, `${name}.dat`)));
  } finally {
    await bench.close();
  }
};

test('all 49 messages have a row', () => {
  const files = readdirSync(FOLDER).map((file) => file.replace('.dat', ''));
  expect(ROWS.map(([, name]) => name).sort()).toEqual(files.sort());
  expect(ROWS).toHaveLength(49);
});

const UDP_ROWS = ROWS.map(([section, name, note, outcome]) => [section, name, note, outcome] as const);

test.each(UDP_ROWS)('%s %s over UDP (%s)', async (_section, name, _note, outcome) => {
  expect(await fateOf('udp', name)).toEqual({ ...expectedFate(outcome), hungUp: false });
});

const TCP_ROWS = ROWS.map(
  ([section, name, note, outcome, overTcp]) => [section, name, note, overTcp ?? outcome] as const,
);

test.each(TCP_ROWS)('%s %s over TCP (%s)', async (_section, name, _note, outcome) => {
  const fate = await fateOf('tcp', name);
  const expected = expectedFate(outcome);
  expect(fate.handedOver).toEqual(expected.handedOver);
  // Of dblreq the answer to the first message may lose its race against the end of the stream.
  expect(fate.answers).toEqual(name === 'dblreq' ? expect.arrayContaining([400]) : expected.answers);
  expect(fate.hungUp).toBe(ENDS_STREAM.has(name));
});
