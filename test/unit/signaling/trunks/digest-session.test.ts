/** Our side of digest, against challenges as carriers and drachtio-srf write them. */
import { createHash } from 'node:crypto';
import { parseAuth } from '../../../../signaling/sip/headers/auth';
import { parseChallenges } from '../../../../signaling/sip/headers/auth-list';
import { DigestSession } from '../../../../signaling/trunks/digest-session';

const REQUEST = { method: 'REGISTER', uri: 'sip:carrier.example', body: '' };
const asked = (status: 401 | 407, challenge: string) => ({
  status,
  get: (name: string) =>
    name === (status === 401 ? 'WWW-Authenticate' : 'Proxy-Authenticate') ? challenge : undefined,
});
const session = (): DigestSession => new DigestSession({ username: 'bob', password: 'zanzibar' });
const paramsOf = (header: string | undefined): ReadonlyMap<string, string> => {
  const parsed = parseAuth(header ?? '');
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value.params;
};

describe('several challenges in one text', () => {
  it('are told apart in spite of their commas', () => {
    const text =
      'Digest realm="a, b", nonce="1", algorithm=SHA-512-256, qop="auth,auth-int",Digest realm="c",nonce="2" , ' +
      'Bearer authz_server="https://x", Digest realm="d", nonce="3=="';
    expect(parseChallenges(text).map(({ scheme, params }) => [scheme, params.get('nonce')])).toEqual([
      ['Digest', '1'],
      ['Digest', '2'],
      ['Bearer', undefined],
      ['Digest', '3=='],
    ]);
  });

  it.each(['', ',,,', 'Digest', '"', 'Digest realm="', 'x'.repeat(10_000), ', '.repeat(5_000)])(
    '%# is no challenge',
    (text) => {
      expect(parseChallenges(text)).toEqual([]);
    },
  );
});

describe('a digest session', () => {
  it('has no credentials before a challenge', () => {
    expect(session().credentials(REQUEST)).toEqual({});
  });

  it('answers the strongest of several', () => {
    const one = session();
    const text =
      'Digest realm="r",nonce="m",algorithm=MD5,qop="auth",Digest realm="r",nonce="s",algorithm=SHA-256,qop="auth"';
    expect(one.challenged(asked(401, text), {}).ok).toBe(true);
    const params = paramsOf(one.credentials(REQUEST).Authorization);
    expect([params.get('algorithm'), params.get('nonce'), params.get('nc')]).toEqual(['SHA-256', 's', '00000001']);
  });

  it.each([
    ['MD5', 'md5'],
    ['SHA-256', 'sha256'],
    ['SHA-512-256', 'sha512-256'],
  ])('hashes the body for auth-int with %s', (algorithm, hashName) => {
    const hash = (text: string): string => createHash(hashName).update(text).digest('hex');
    const one = session();
    one.challenged(asked(407, `Digest realm="r", nonce="n", algorithm=${algorithm}, qop="auth-int", opaque="o"`), {});
    const params = paramsOf(one.credentials({ method: 'INVITE', uri: 'sip:1@c', body: 'v=0' })['Proxy-Authorization']);
    const ha2 = hash(`INVITE:sip:1@c:${hash('v=0')}`);
    const expected = hash(`${hash('bob:r:zanzibar')}:n:00000001:${params.get('cnonce')}:auth-int:${ha2}`);
    expect(params.get('response')).toBe(expected);
    expect([params.get('qop'), params.get('opaque')]).toEqual(['auth-int', 'o']);
  });

  it('uses a nonce again with a growing count', () => {
    const one = session();
    one.challenged(asked(401, 'Digest realm="r", nonce="n", qop="auth"'), {});
    const counts = [1, 2, 3].map(() => paramsOf(one.credentials(REQUEST).Authorization).get('nc'));
    expect(counts).toEqual(['00000001', '00000002', '00000003']);
  });

  it('takes a stale nonce as no refusal, and a renewed one once', () => {
    const one = session();
    one.challenged(asked(401, 'Digest realm="r", nonce="1", qop="auth"'), {});
    const first = one.credentials(REQUEST);
    expect(one.challenged(asked(401, 'Digest realm="r", nonce="2", qop="auth", stale=TRUE'), first).ok).toBe(true);
    one.credentials(REQUEST);
    const later = one.credentials(REQUEST);
    expect(one.challenged(asked(401, 'Digest realm="r", nonce="3", qop="auth"'), later).ok).toBe(true);
    const last = one.credentials(REQUEST);
    expect(one.challenged(asked(401, 'Digest realm="r", nonce="4", qop="auth"'), last)).toMatchObject({
      ok: false,
      fault: { code: 'unauthenticated' },
    });
    expect(one.credentials(REQUEST)).toEqual({});
  });

  it('answers a proxy and a server at once', () => {
    const one = session();
    one.challenged(asked(407, 'Digest realm="p", nonce="1"'), {});
    one.challenged(asked(401, 'Digest realm="s", nonce="2"'), one.credentials(REQUEST));
    expect(Object.keys(one.credentials(REQUEST)).sort()).toEqual(['Authorization', 'Proxy-Authorization']);
  });

  it.each(['', 'Basic realm="r"', 'Digest realm="r", nonce="n", algorithm=SHA3'])('cannot answer %j', (text) => {
    expect(session().challenged(asked(401, text), {})).toMatchObject({ ok: false, fault: { code: 'unsupported' } });
  });
});
