import { SimulatedClock } from '../../../../base/clock';
import {
  algorithmOf,
  answerChallenge,
  buildChallenges,
  computeHa1,
  computeResponse,
  type DigestAlgorithm,
  strongestChallenge,
  verifyCredentials,
} from '../../../../signaling/sip/digest';
import { type AuthValue, formatAuth, parseAuth } from '../../../../signaling/sip/headers/auth';
import { NonceMaker } from '../../../../signaling/sip/nonce';

const EMPTY = Buffer.alloc(0);

const auth = (text: string): AuthValue => {
  const result = parseAuth(text);
  if (!result.ok) throw new Error(result.fault.message);
  return result.value;
};

describe('published vectors', () => {
  test('RFC 2617, 3.5: MD5, qop auth', () => {
    const ha1 = computeHa1({
      algorithm: 'MD5',
      user: 'Mufasa',
      realm: 'testrealm@host.com',
      password: 'Circle Of Life',
    });
    expect(ha1).toBe('939e7578ed9e3c518a452acee763bce9');
    const nonce = 'dcd98b7102dd2f0e8b11d0f600bfb0c093';
    const input = { algorithm: 'MD5', ha1, method: 'GET', uri: '/dir/index.html', nonce, body: EMPTY } as const;
    expect(computeResponse({ ...input, qop: 'auth', nc: '00000001', cnonce: '0a4f113b' })).toBe(
      '6629fae49393a05397450978507c4ef1',
    );
    // The same without qop: the well-known RFC 2069 form of this example.
    expect(computeResponse({ ...input, qop: 'none', nc: '', cnonce: '' })).toBe('670fd8c2df070c60b045671b8b24ff02');
  });

  test.each<[DigestAlgorithm, string]>([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('RFC 7616, 3.9.1: %s, qop auth', (algorithm, expected) => {
    const challenge = auth(
      `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
    );
    const answer = answerChallenge({
      ...{ challenge, user: 'Mufasa', password: 'Circle of Life', method: 'GET', uri: '/dir/index.html', body: EMPTY },
      ...{ count: 1, cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ' },
    });
    if (!answer.ok) throw new Error(answer.fault.message);
    const { params } = auth(answer.value);
    expect(params.get('response')).toBe(expected);
    expect(params.get('opaque')).toBe('FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS');
    expect(answer.value).toContain('nc=00000001');
    expect(answer.value).toContain('qop=auth,');
  });
});

const world = () => {
  const clock = new SimulatedClock();
  const nonces = new NonceMaker({ clock, secret: Buffer.alloc(32, 7) });
  return { clock, nonces };
};

const USER = { user: 'agent1', realm: 'switchroom', password: 'correct horse' };

const credentialsFor = (
  challenge: string,
  changes: Partial<{ password: string; count: number; body: Buffer }> = {},
) => {
  const answer = answerChallenge({
    ...{ challenge: auth(challenge), ...USER, method: 'REGISTER', uri: 'sip:switchroom', body: EMPTY, count: 1 },
    ...changes,
  });
  if (!answer.ok) throw new Error(answer.fault.message);
  return auth(answer.value);
};

const verify = (
  nonces: NonceMaker,
  credentials: AuthValue,
  changes: Partial<{ ha1: undefined; method: string }> = {},
) => {
  const algorithm = algorithmOf(credentials) ?? 'MD5';
  const verdict = verifyCredentials({
    ...{ credentials, method: 'REGISTER', body: EMPTY, realm: USER.realm, nonces },
    ...{ ha1: computeHa1({ algorithm, ...USER }), ...changes },
  });
  return verdict.outcome === 'ok' ? `ok ${verdict.user}` : verdict.failure;
};

describe('verification', () => {
  const challengesOf = (nonces: NonceMaker) =>
    buildChallenges({ realm: USER.realm, nonce: nonces.make(), stale: false });

  test('both algorithms are offered, the stronger first, and both verify (RFC 8760, 2.4)', () => {
    for (const index of [0, 1]) {
      const { nonces } = world();
      const challenges = challengesOf(nonces);
      expect(challenges.map((text) => auth(text).params.get('algorithm'))).toEqual(['SHA-256', 'MD5']);
      expect(verify(nonces, credentialsFor(challenges[index] ?? ''))).toBe('ok agent1');
    }
  });

  test('the client answers the strongest challenge it knows', () => {
    const { nonces } = world();
    const challenges = [
      auth('Digest realm="r", nonce="n", algorithm=SHA3-256'),
      ...challengesOf(nonces).reverse().map(auth),
    ];
    expect(strongestChallenge(challenges)?.params.get('algorithm')).toBe('SHA-256');
    expect(strongestChallenge([auth('Basic realm="r"')])).toBeUndefined();
  });

  test.each([
    ['another password', { password: 'guess' }, {}, 'wrong'],
    ['another method', {}, { method: 'INVITE' }, 'wrong'],
    ['an unknown user', {}, { ha1: undefined }, 'wrong'],
  ])('%s is refused', (_name, client, server, expected) => {
    const { nonces } = world();
    expect(verify(nonces, credentialsFor(challengesOf(nonces)[0] ?? '', client), server)).toBe(expected);
  });

  test('a counter value is good once, in any order', () => {
    const { nonces } = world();
    const [challenge = ''] = challengesOf(nonces);
    const counts = [1, 2, 4, 3, 3, 2, 200, 5, 199, 199];
    expect(counts.map((count) => verify(nonces, credentialsFor(challenge, { count })))).toEqual([
      ...['ok agent1', 'ok agent1', 'ok agent1', 'ok agent1', 'replayed', 'replayed'],
      ...['ok agent1', 'replayed', 'ok agent1', 'replayed'],
    ]);
  });

  test('an old nonce is stale, but only for those who know the password', () => {
    const { clock, nonces } = world();
    const [challenge = ''] = challengesOf(nonces);
    clock.advance(300_001);
    expect(verify(nonces, credentialsFor(challenge))).toBe('stale');
    expect(verify(nonces, credentialsFor(challenge, { password: 'guess' }))).toBe('wrong');
  });

  test('a nonce that we did not make is stale', () => {
    const { nonces } = world();
    const foreign = buildChallenges({ realm: USER.realm, nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093', stale: false });
    expect(verify(nonces, credentialsFor(foreign[0] ?? ''))).toBe('stale');
    const other = new NonceMaker({ clock: new SimulatedClock(), secret: Buffer.alloc(32, 8) });
    expect(verify(nonces, credentialsFor(challengesOf(other)[0] ?? ''))).toBe('stale');
  });

  test.each(['username', 'nonce', 'uri', 'response', 'cnonce', 'nc'])(
    'credentials without %s are malformed',
    (name) => {
      const { nonces } = world();
      const whole = credentialsFor(challengesOf(nonces)[0] ?? '');
      const params = new Map(whole.params);
      params.delete(name);
      expect(verify(nonces, { ...whole, params })).toBe('malformed');
    },
  );

  test.each([
    ['realm', 'elsewhere'],
    ['algorithm', 'SHA-1'],
    ['qop', 'auth-conf'],
    ['nc', '1'],
  ])('credentials with %s=%s are malformed', (name, value) => {
    const { nonces } = world();
    const whole = credentialsFor(challengesOf(nonces)[0] ?? '');
    expect(verify(nonces, { ...whole, params: new Map(whole.params).set(name, value) })).toBe('malformed');
  });

  test('without qop a nonce serves once', () => {
    const { nonces } = world();
    const nonce = nonces.make();
    const credentials = credentialsFor(`Digest realm="${USER.realm}", nonce="${nonce}", algorithm=MD5`);
    expect(credentials.params.has('qop')).toBe(false);
    expect([verify(nonces, credentials), verify(nonces, credentials)]).toEqual(['ok agent1', 'replayed']);
  });

  test('auth-int covers the body', () => {
    const { nonces } = world();
    const challenge = `Digest realm="${USER.realm}", nonce="${nonces.make()}", algorithm=MD5, qop="auth-int"`;
    const credentials = credentialsFor(challenge, { body: Buffer.from('v=0') });
    const check = (body: string) =>
      verifyCredentials({
        ...{ credentials, method: 'REGISTER', body: Buffer.from(body), realm: USER.realm, nonces },
        ha1: computeHa1({ algorithm: 'MD5', ...USER }),
      }).outcome;
    expect([check('v=1'), check('v=0')]).toEqual(['refused', 'ok']);
  });

  test('the challenge says stale when it is', () => {
    expect(buildChallenges({ realm: 'r', nonce: 'n', stale: true })[1]).toBe(
      'Digest realm="r", nonce="n", algorithm=MD5, qop="auth", stale=true',
    );
  });
});

test.each([
  ['Basic realm="r"', 'unsupported'],
  ['Digest realm="r", nonce="n", algorithm=SHA-1', 'unsupported'],
  ['Digest realm="r", nonce="n", qop="auth-conf"', 'unsupported'],
  ['Digest realm="r"', 'bad_input'],
])('the challenge %s cannot be answered: %s', (challenge, code) => {
  const answer = answerChallenge({
    ...{ challenge: auth(challenge), ...USER, method: 'INVITE', uri: 'sip:a@b', body: EMPTY, count: 1 },
  });
  expect(answer).toMatchObject({ ok: false, fault: { code } });
});

describe('memory of nonces', () => {
  test('is bounded; what is forgotten is stale, never fresh', () => {
    const clock = new SimulatedClock();
    const nonces = new NonceMaker({ clock, secret: Buffer.alloc(32, 1), maxRemembered: 3 });
    const made = Array.from({ length: 5 }, () => {
      clock.advance(1);
      return nonces.make();
    });
    expect(made.map((nonce) => nonces.use(nonce, 1))).toEqual(['fresh', 'fresh', 'fresh', 'fresh', 'fresh']);
    expect(nonces.remembered).toBe(3);
    expect(made.map((nonce) => nonces.use(nonce, 1))).toEqual(['stale', 'stale', 'replayed', 'replayed', 'replayed']);
  });

  test('lets go of what has expired', () => {
    const clock = new SimulatedClock();
    const nonces = new NonceMaker({ clock, secret: Buffer.alloc(32, 1), lifetimeMs: 1000 });
    for (let count = 0; count < 10; count += 1) nonces.use(nonces.make(), 1);
    expect(nonces.remembered).toBe(10);
    clock.advance(1001);
    expect(nonces.use(nonces.make(), 1)).toBe('fresh');
    expect(nonces.remembered).toBe(1);
  });
});

test('credentials are written with quotes where RFC 7616 wants them', () => {
  const params = new Map([
    ['username', 'a "b"'],
    ['algorithm', 'MD5'],
    ['qop', 'auth'],
    ['nc', '00000001'],
    ['response', 'x'],
  ]);
  expect(formatAuth({ scheme: 'Digest', params })).toBe(
    'Digest username="a \\"b\\"", algorithm=MD5, qop=auth, nc=00000001, response="x"',
  );
});

it('a nonce made for one address is of no use to another, nor to a process with another secret', () => {
  const { clock, nonces } = world();
  const nonce = nonces.make('192.0.2.1');
  expect([nonces.isCurrent(nonce, '192.0.2.1'), nonces.isCurrent(nonce, '192.0.2.2'), nonces.isCurrent(nonce)]).toEqual(
    [true, false, false],
  );
  expect(nonces.use(nonce, 1, '192.0.2.2')).toBe('stale');
  expect(nonces.use(nonce, 1, '192.0.2.1')).toBe('fresh');
  expect(nonces.use(nonce, 1, '192.0.2.1')).toBe('replayed');
  const other = new NonceMaker({ clock, secret: Buffer.alloc(32, 8) });
  expect(other.isCurrent(nonce, '192.0.2.1')).toBe(false);
});
