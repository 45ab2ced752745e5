/** Makes SIP messages out of their grammar, and damages them where the grammar has its joints. */
import type { SeededRandom } from '../../../base/random';

export const METHODS = ['INVITE', 'ACK', 'BYE', 'CANCEL', 'OPTIONS', 'REGISTER', 'UPDATE', 'INFO', 'PRACK', 'NOTIFY'];

const HOSTS = ['192.0.2.1', 'host.example', '[2001:db8::1]', 'a', 'x.invalid', '127.0.0.1', '[::]', '999.1.1.1'];
const USERS = ['alice', '+4930123', 'a%20b', 'a;b=c', '', 'user:pw', '%', 'ü', '*9#', 'a'.repeat(300)];
const PARAMS = [';lr', ';transport=tcp', ';tag=1', ';q=0.5', ';expires=60', ';rport', ';received=::1', ';x="a,b;c"'];
const ODD_PARAMS = [
  ';',
  ';=',
  ';a=b=c',
  ';tag=1;tag=2',
  ';ttl=999',
  ';x="',
  ';maddr=h',
  `;${'p'.repeat(200)}`,
  '; y = z',
];
const NUMBERS = ['0', '1', '70', '-1', '4294967296', '2147483648', '00001', '1e9', '', 'NaN', '9'.repeat(40)];
const TOKENS = [
  '100rel',
  'timer',
  'application/sdp',
  'SIP',
  'presence',
  'active',
  '*',
  '"quoted \\" text"',
  '<>',
  '(c)',
];

type Make = (random: SeededRandom) => string;

const uri: Make = (random) => {
  const scheme = random.pick(['sip', 'sip', 'sip', 'sips', 'tel', 'http', 'SIP', '']);
  const user = random.next() < 0.7 ? `${random.pick(USERS)}@` : '';
  const port = random.next() < 0.3 ? `:${random.pick(['5060', '0', '65536', 'x', ''])}` : '';
  const tail = random.next() < 0.1 ? random.pick(['?a=b', '?', '?a&b', '?Route=%3Csip:x%3E']) : '';
  return `${scheme}:${user}${random.pick(HOSTS)}${port}${params(random, 0.2)}${tail}`;
};

const params = (random: SeededRandom, likely: number): string => {
  let text = '';
  while (text.length < 2_000 && random.next() < likely) text += random.pick(random.next() < 0.7 ? PARAMS : ODD_PARAMS);
  return text;
};

const nameAddr: Make = (random) => {
  const name = random.pick(['', '', 'Name ', '"Q \\" uoted" ', '"', '"unclosed ', 'a, b ']);
  return random.next() < 0.8 ? `${name}<${uri(random)}>${params(random, 0.4)}` : `${uri(random)}${params(random, 0.4)}`;
};

const via: Make = (random) => {
  const protocol = random.pick(['SIP/2.0/UDP', 'SIP/2.0/TCP', 'SIP / 2.0 / UDP', 'SIP/3.0/UDP', 'SIP/2.0/', 'x']);
  const branch = random.pick([';branch=z9hG4bKabc', ';branch=z9hG4bK', ';branch=1', '', ';branch=']);
  return `${protocol} ${random.pick(HOSTS)}:5060${branch}${params(random, 0.3)}`;
};

const digest: Make = (random) =>
  `Digest username="a", realm="${random.pick(['r', '', '"'])}", nonce=${random.pick(['"n"', 'n', ''])}, uri="${uri(random)}"`;

const list =
  (make: Make): Make =>
  (random) => {
    const values = [make(random)];
    while (values.length < 30 && random.next() < 0.3) values.push(make(random));
    return values.join(random.pick([', ', ',', ' , ', ',,', ',\r\n ']));
  };

const token: Make = (random) => random.pick(TOKENS) + params(random, 0.2);
const number: Make = (random) => random.pick(NUMBERS);
const cseq: Make = (random) => `${number(random)} ${random.pick(METHODS)}`;

const HEADERS: Readonly<Record<string, Make>> = {
  Via: list(via),
  From: nameAddr,
  To: nameAddr,
  'Call-ID': (random) => random.pick(['a@b', 'x', 'a b', '', '@@', 'é']),
  CSeq: cseq,
  'Max-Forwards': number,
  Contact: list((random) => (random.next() < 0.05 ? '*' : nameAddr(random))),
  Route: list(nameAddr),
  'Record-Route': list(nameAddr),
  Path: list(nameAddr),
  'P-Asserted-Identity': list(nameAddr),
  Diversion: list(nameAddr),
  'Refer-To': nameAddr,
  'Referred-By': nameAddr,
  Replaces: token,
  Expires: number,
  'Min-SE': (random) => number(random) + params(random, 0.3),
  'Session-Expires': (random) => `${number(random)}${random.pick(['', ';refresher=uac', ';refresher=x'])}`,
  RSeq: number,
  RAck: (random) => `${number(random)} ${cseq(random)}`,
  Event: token,
  'Subscription-State': token,
  Supported: list(token),
  Require: list(token),
  Allow: list((random) => random.pick(METHODS)),
  'Content-Type': token,
  Authorization: digest,
  'WWW-Authenticate': digest,
  Reason: (random) => `SIP;cause=${number(random)};text="x"`,
  'X-Any': (random) => random.pick(TOKENS),
};
const COMPACT: Readonly<Record<string, string>> = { Via: 'v', From: 'f', To: 't', Contact: 'm', 'Call-ID': 'i' };
const NAMES = Object.keys(HEADERS);

const header = (name: string, random: SeededRandom): string => {
  const spelled = random.next() < 0.1 ? (COMPACT[name] ?? name.toUpperCase()) : name;
  const colon = random.next() < 0.9 ? ': ' : random.pick([':', ' : ', '\t:', ';', '']);
  // A value of another header stands where this one's should.
  const make = HEADERS[random.next() < 0.95 ? name : random.pick(NAMES)] ?? token;
  return `${spelled}${colon}${make(random)}\r\n`;
};

const MANDATORY = ['Via', 'From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards'];

/** A message whose parts each follow the grammar, or nearly do. */
export const anyMessage = (random: SeededRandom): Buffer => {
  const method = random.pick(METHODS);
  const status = random.pick(['100', '180', '200', '404', '503', '699', '099', '700']);
  const start = random.next() < 0.7 ? `${method} ${uri(random)} SIP/2.0` : `SIP/2.0 ${status} Any reason`;
  const fields = MANDATORY.filter(() => random.next() < 0.98).map((name) =>
    name === 'CSeq' && random.next() < 0.8 ? `CSeq: 7 ${method}\r\n` : header(name, random),
  );
  while (fields.length < 40 && random.next() < 0.8) fields.push(header(random.pick(NAMES), random));
  const body = random.next() < 0.4 ? 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n' : '';
  const length = random.next() < 0.9 ? String(body.length) : number(random);
  if (random.next() < 0.8) fields.push(`Content-Length: ${length}\r\n`);
  return Buffer.from(`${start}\r\n${fields.join('')}\r\n${body}`);
};

/** Whole header lines are dropped, doubled, exchanged, or folded. */
export const shuffleLines = (bytes: Buffer, random: SeededRandom): Buffer => {
  const lines = bytes.toString('latin1').split('\r\n');
  const at = 1 + random.int(Math.max(1, lines.length - 1));
  const line = lines[at] ?? '';
  const changes: readonly (() => unknown)[] = [
    () => lines.splice(at, 1),
    () => lines.splice(at, 0, line),
    () => lines.splice(at, 1, lines[random.int(lines.length)] ?? ''),
    () =>
      lines.splice(
        at,
        1,
        line.replace(/[ ,;]/, (found) => `\r\n${found}`),
      ),
    () => lines.splice(at, 1, line + line.slice(line.indexOf(':') + 1).repeat(random.int(20))),
  ];
  random.pick(changes)();
  return Buffer.from(lines.join('\r\n'), 'latin1');
};
