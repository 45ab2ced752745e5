import { SimulatedClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import type { SessionUser } from '../../../api/contract/rest';
import type { PasswordHasher } from '../../../api/ports';
import { networkOf } from '../../../base/network';
import { SessionRegistry } from '../../../api/sessions/session-registry';
import { SignIn } from '../../../api/sessions/sign-in';
import { SipAccounts } from '../../../api/sessions/sip-accounts';

const user = (name: string): SessionUser => ({
  userId: name,
  userName: name,
  displayName: name,
  roles: ['agent'],
  agent: { agentId: `agent-${name}`, extension: '1001' },
});

describe('the registry of sessions', () => {
  const setUp = () => {
    const clock = new SimulatedClock();
    const sessions = new SessionRegistry({ clock, log: silentLogger(), lifetimeMs: 1_000 });
    const ended: string[] = [];
    sessions.events.on('ended', (session, end) => ended.push(`${session.user.userName} ${end}`));
    return { clock, sessions, ended };
  };

  it('does not know its tokens', () => {
    const { sessions } = setUp();
    const { token, session } = sessions.open(user('anna'));
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(session.key).not.toContain(token);
    expect(sessions.find(token)).toBe(session);
    expect(sessions.find(session.key)).toBeUndefined();
    expect(sessions.find(`${token}x`)).toBeUndefined();
  });

  it('ends a session once, by sign-out or by time', () => {
    const { clock, sessions, ended } = setUp();
    const { session } = sessions.open(user('anna'));
    sessions.open(user('ben'));
    sessions.end(session.key, 'signed-out');
    sessions.end(session.key, 'signed-out');
    clock.advance(1_000);
    expect([ended, clock.pendingTimers]).toEqual([['anna signed-out', 'ben expired'], 0]);
  });

  it('ends the oldest of a user who signs in again and again', () => {
    const { sessions, ended } = setUp();
    const { token } = sessions.open(user('anna'));
    for (let index = 0; index < 100; index += 1) sessions.open(user('anna'));
    expect(sessions.find(token)).toBeUndefined();
    expect([sessions.ofUser('anna').length, ended]).toEqual([100, ['anna signed-out']]);
  });

  it('leaves no timer when it closes', () => {
    const { clock, sessions, ended } = setUp();
    sessions.open(user('anna'));
    sessions.close();
    expect([ended, clock.pendingTimers]).toEqual([['anna shutting-down'], 0]);
  });
});

describe('signing in', () => {
  it('holds a password against a decoy when there is no such user, so that both take the same work', async () => {
    const verified: string[] = [];
    const passwords: PasswordHasher = {
      hash: () => Promise.resolve('decoy'),
      verify: (_password, hash) => Promise.resolve(verified.push(hash) < 0),
    };
    const signIn = new SignIn({
      users: { findByUserName: () => Promise.resolve(undefined) },
      passwords,
      audit: { write: () => Promise.reject(new Error('the store is gone')) },
      clock: new SimulatedClock(),
      log: silentLogger(),
    });
    const outcome = await signIn.attempt({ userName: 'nobody', password: 'x' }, '::1');
    expect([outcome.kind, verified]).toEqual(['refused', ['decoy']]);
  });

  it('counts a /64 of IPv6 as one address', async () => {
    const signIn = new SignIn({
      users: { findByUserName: () => Promise.resolve(undefined) },
      passwords: { hash: () => Promise.resolve(''), verify: () => Promise.resolve(false) },
      audit: { write: () => Promise.resolve() },
      clock: new SimulatedClock(),
      log: silentLogger(),
    });
    for (let index = 0; index < 10; index += 1) {
      await signIn.attempt({ userName: 'n', password: 'x' }, `2001:db8:1:2::${index}`);
    }
    const attempt = async (address: string) => (await signIn.attempt({ userName: 'n', password: 'x' }, address)).kind;
    expect(await attempt('2001:db8:1:2:ffff::1')).toBe('limited');
    expect(await attempt('2001:db8:1:3::1')).toBe('refused');
  });
});

it('does not hold the store’s failures against the user', async () => {
  let storeAnswers = false;
  const signIn = new SignIn({
    users: {
      findByUserName: () =>
        storeAnswers ? Promise.resolve(undefined) : Promise.reject(new Error('the store is gone')),
    },
    passwords: { hash: () => Promise.resolve(''), verify: () => Promise.resolve(false) },
    audit: { write: () => Promise.resolve() },
    clock: new SimulatedClock(),
    log: silentLogger(),
  });
  for (let index = 0; index < 20; index += 1) {
    await expect(signIn.attempt({ userName: 'anna', password: 'x' }, '::1')).rejects.toThrow('the store is gone');
  }
  storeAnswers = true;
  expect((await signIn.attempt({ userName: 'anna', password: 'x' }, '::1')).kind).toBe('refused');
});

describe('SIP accounts', () => {
  it('are issued again when issuing failed, and revoked once', async () => {
    const revoked: string[] = [];
    let attempts = 0;
    const accounts = new SipAccounts({
      domain: 'd',
      credentials: {
        issue: () => (++attempts === 1 ? Promise.reject(new Error('edge is gone')) : { password: `p${attempts}` }),
        revoke: (name) => void revoked.push(name),
      },
    });
    await expect(accounts.of(user('anna'))).rejects.toThrow('edge is gone');
    expect((await accounts.of(user('anna')))?.password).toBe('p2');
    await accounts.revoke('agent-anna');
    await accounts.revoke('agent-anna');
    expect(revoked).toEqual(['anna']);
  });
});

describe('the network of an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['2001:db8::', '2001:db8:0:0'],
    ['2001:db8:0:7::9', '2001:db8:0:7'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['unknown', 'unknown'],
  ])('%s → %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
