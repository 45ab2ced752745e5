import { SimulatedClock } from '../../../../base/clock';
import type { Logger } from '../../../../base/log';
import { silentLogger } from '../../../../base/log';
import { Registrar } from '../../../../signaling/registrar/registrar';
import { answerChallenge, computeHa1 } from '../../../../signaling/sip/digest';
import { parseAuth } from '../../../../signaling/sip/headers/auth';
import type { SrfRequest, SrfResponse, SrfSendOptions } from '../../../../signaling/srf/srf-types';

const REALM = 'test';

interface Sent {
  readonly status: number;
  readonly headers: Record<string, string>;
}

const setUp = (log: Logger = silentLogger()) => {
  const clock = new SimulatedClock();
  const registrar = new Registrar({
    realm: REALM,
    clock,
    log,
    credentialsFor: (user, realm) => {
      if (user !== 'ann') return undefined;
      const ha1 = (algorithm: 'MD5' | 'SHA-256') => computeHa1({ algorithm, user, realm, password: 'pw' });
      return { MD5: ha1('MD5'), 'SHA-256': ha1('SHA-256') };
    },
  });
  let cseq = 0;
  const send = (headers: Record<string, string>): Sent => {
    cseq += 1;
    const all: Record<string, string> = { to: '<sip:ann@test>', 'call-id': 'c', cseq: `${cseq} REGISTER`, ...headers };
    const req = {
      method: 'REGISTER',
      uri: 'sip:test',
      body: '',
      headers: all,
      source: 'network',
      source_address: '192.0.2.1',
      source_port: 4000,
      protocol: 'ws',
      get: (name: string) => all[name.toLowerCase()],
    } as unknown as SrfRequest;
    let sent: Sent | undefined;
    const res = {
      send: (status: number, reasonOrOptions?: string | SrfSendOptions, options?: SrfSendOptions) => {
        const given = typeof reasonOrOptions === 'object' ? reasonOrOptions : options;
        sent = { status, headers: given?.headers ?? {} };
      },
    } as unknown as SrfResponse;
    registrar.handle(req, res);
    if (!sent) throw new Error('no response');
    return sent;
  };
  /** A REGISTER with right credentials. */
  const register = (headers: Record<string, string>, password = 'pw'): Sent => {
    return send({ authorization: answerTo(send({}), password), ...headers });
  };
  return { clock, registrar, send, register };
};

/** A logger whose warnings a test can read. */
const watchedLog = () => {
  const warnings: string[] = [];
  const warn = (details: unknown): void => void warnings.push(JSON.stringify(details));
  return { warnings, log: Object.assign(silentLogger(), { warn }) };
};

/** What a browser answers to this challenge. */
const answerTo = (challenge: Sent, password = 'pw', user = 'ann'): string => {
  const value = parseAuth(challenge.headers['WWW-Authenticate'] ?? '');
  if (!value.ok) throw new Error('no challenge');
  const input = { user, password, method: 'REGISTER', uri: 'sip:test', body: Buffer.alloc(0), count: 1 };
  const answer = answerChallenge({ challenge: value.value, ...input });
  if (!answer.ok) throw new Error('no answer');
  return answer.value;
};

describe('the registrar', () => {
  it('binds a contact for the time asked for, and finds it by its connection', () => {
    const { registrar, register } = setUp();
    const ok = register({ contact: '<sip:x@abc.invalid;transport=ws>;expires=120' });
    expect(ok).toEqual({ status: 200, headers: { Contact: '<sip:x@abc.invalid;transport=ws>;expires=120' } });
    expect(registrar.contactFor('ann')).toEqual({
      uri: 'sip:x@abc.invalid;transport=ws',
      proxy: 'sip:192.0.2.1:4000;transport=ws',
      q: 1,
      path: [],
    });
    expect(registrar.userOfConnection({ protocol: 'ws', address: '192.0.2.1', port: 4000 })).toBe('ann');
    expect(registrar.userOfConnection({ protocol: 'ws', address: '192.0.2.1', port: 4001 })).toBeUndefined();
  });

  it('forgets the user when the time is over', () => {
    const { clock, registrar, register } = setUp();
    register({ contact: '<sip:x@abc.invalid>', expires: '60' });
    clock.advance(60_000);
    expect(registrar.isRegistered('ann')).toBe(false);
  });

  it.each([
    ['a wrong password', {}, 'nope', 401],
    ['another user’s address', { to: '<sip:bob@test>' }, 'pw', 403],
    ['too short a time', { contact: '<sip:x@y>;expires=5' }, 'pw', 423],
    ['* without Expires: 0', { contact: '*' }, 'pw', 400],
    ['a malformed contact', { contact: '<sip:x@y' }, 'pw', 400],
    ['a contact that is no SIP URI', { contact: '<mailto:x@y>' }, 'pw', 400],
    [
      'more contacts than anybody has',
      { contact: Array.from({ length: 20 }, (_, n) => `<sip:${n}@y>`).join(',') },
      'pw',
      400,
    ],
    ['a To without a user', { to: '<sip:test>' }, 'pw', 400],
    ['only a question', {}, 'pw', 200],
  ])('answers %s', (_what, headers, password, status) => {
    const { register } = setUp();
    expect(register(headers as unknown as Record<string, string>, password).status).toBe(status);
  });

  it('cuts long wishes, and removes what is given no time', () => {
    const { registrar, register } = setUp();
    expect(register({ contact: '<sip:x@y>;expires=99999' }).headers.Contact).toContain('expires=600');
    expect(register({ contact: '<sip:x@y>;expires=0' }).headers.Contact).toBeUndefined();
    expect(registrar.isRegistered('ann')).toBe(false);
  });

  it('refuses a REGISTER that a later one has overtaken', () => {
    const { register } = setUp();
    register({ contact: '<sip:x@y>' });
    expect(register({ contact: '<sip:x@y>', cseq: '1 REGISTER' }).status).toBe(500);
  });

  it('keeps a few contacts a user, dropping the one that ends first', () => {
    const { registrar, register } = setUp();
    for (let number = 0; number < 9; number += 1) register({ contact: `<sip:${number}@y>;expires=${60 + number}` });
    expect(registrar.contactFor('ann')?.uri).toBe('sip:8@y');
    expect(register({}).headers.Contact?.split(', ')).toHaveLength(5);
  });

  it('calls an old nonce stale, so that the browser need not ask its user', () => {
    const { log, warnings } = watchedLog();
    const { clock, send } = setUp(log);
    const authorization = answerTo(send({}));
    clock.advance(400_000);
    const again = send({ authorization });
    expect(again.status).toBe(401);
    expect(again.headers['WWW-Authenticate']).toContain('stale=true');
    expect(warnings).toEqual([]);
  });

  it('says "wrong credentials" only of answers to a challenge of its own, not to one of before a restart', () => {
    const { log, warnings } = watchedLog();
    const { send } = setUp(log);
    const ofBefore = setUp().send({});
    for (const password of ['pw', 'the one before']) {
      expect(send({ authorization: answerTo(ofBefore, password) }).status).toBe(401);
    }
    expect(warnings).toEqual([]);
    expect(send({ authorization: answerTo(send({}), 'nope') }).status).toBe(401);
    expect(warnings).toEqual([expect.stringContaining('wrong credentials')]);
  });

  it('refuses the same answer twice, and holds a browser that refreshes so for no attacker', () => {
    const { log, warnings } = watchedLog();
    const { send } = setUp(log);
    const authorization = answerTo(send({}));
    expect(send({ authorization }).status).toBe(200);
    expect(send({ authorization }).status).toBe(401);
    expect(warnings).toEqual([]);
  });

  it('answers a user without a session as it answers a wrong password, and tells them apart in its log only', () => {
    const { log, warnings } = watchedLog();
    const { send } = setUp(log);
    const wrong = send({ authorization: answerTo(send({}), 'nope') });
    const unknown = send({ authorization: answerTo(send({}), 'pw', 'zoe') });
    const shape = ({ headers }: Sent): string | undefined => headers['WWW-Authenticate']?.replace(/nonce="[^"]*"/, '');
    expect(unknown.status).toBe(wrong.status);
    expect(shape(unknown)).toBe(shape(wrong));
    expect(warnings[1]).toContain('no such user is signed in');
  });
});
