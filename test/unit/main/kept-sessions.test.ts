/** What a new app takes over of who was signed in: users who may, with what they are now; and their telephones. */
import { randomBytes } from 'node:crypto';
import { SimulatedClock } from '../../../base/clock';
import { LastingRecords } from '../../../base/lasting';
import { silentLogger } from '../../../base/log';
import { SecretBox } from '../../../base/secret-box';
import type { KeptSession } from '../../../api/sessions/session-registry';
import { restoreSessions } from '../../../main/restore-sessions';
import { SipCredentialBook } from '../../../main/sip-credentials';
import type { User, UserStore } from '../../../store/users';
import { MemoryLastingStore } from '../../support/memory-lasting';

const clock = new SimulatedClock();
const log = silentLogger();
const load = <Value>(store: MemoryLastingStore<Value>) =>
  LastingRecords.load<Value>({ store, clock, log, name: 'test', maxRecords: 100 });

describe('sessions', () => {
  const session = (userName: string, userId = userName): KeptSession => ({
    user: { userId, userName, displayName: userName, roles: ['agent'], agent: { agentId: userName, extension: '1' } },
  });
  const userOf = (userName: string, change: Partial<User> = {}): User =>
    ({ _id: userName, userName, displayName: `${userName} now`, roles: ['supervisor'], ...change }) as User;

  const restore = async (kept: KeptSession[], users: User[]) => {
    const store = new MemoryLastingStore<KeptSession>();
    for (const [at, value] of kept.entries()) {
      await store.save({ id: `key-${at}`, value, expiresAtMs: clock.nowMs() + 1_000 });
    }
    const records = await load(store);
    const directory = {
      findByUserName: (name: string) => Promise.resolve(users.find(({ userName }) => userName === name)),
    };
    const restored = await restoreSessions(records, { users: directory as unknown as UserStore });
    await records.settled();
    return { restored, left: [...store.records.keys()] };
  };

  it('go on with the roles that their users have now', async () => {
    const agent = { agentId: 'a1', extension: '7' } as unknown as User['agent'];
    const { restored } = await restore([session('anna')], [userOf('anna', agent ? { agent } : {})]);
    expect(restored.found).toMatchObject([{ id: 'key-0', value: { user: { roles: ['supervisor'] } } }]);
    expect([...restored.agentIds]).toEqual(['a1']);
  });

  it.each([
    ['who is gone', []],
    ['who may not sign in any more', [userOf('anna', { disabled: true })]],
    ['whose name somebody else has now', [userOf('anna', { _id: 'another' } as unknown as Partial<User>)]],
  ])('of a user %s end, and are forgotten', async (_who, users) => {
    const { restored, left } = await restore([session('anna')], users);
    expect([restored.found, restored.agentIds.size, left]).toEqual([[], 0, []]);
  });
});

describe('the browsers’ SIP passwords', () => {
  const box = new SecretBox([randomBytes(32)]);
  const open = async (store: MemoryLastingStore<string>, by = box) => {
    const records = await load(store);
    return {
      records,
      book: new SipCredentialBook({ realm: 'r', clock, records, box: by, lifetimeMs: 1_000 }),
    };
  };

  it('are the same after a restart, and in the store nobody reads them', async () => {
    const store = new MemoryLastingStore<string>();
    const { book, records } = await open(store);
    const { password } = book.issue('anna');
    const secrets = book.of('anna');
    await records.settled();
    expect([...store.records].join()).not.toContain(password);
    const next = (await open(store)).book;
    // Nobody signs in by it before the session that it belongs to is there.
    expect(next.of('anna')).toBeUndefined();
    expect(next.issue('anna')).toEqual({ password });
    expect(next.of('anna')).toEqual(secrets);
    expect(next.issue('anna').password).not.toBe(password);
  });

  it('are new when they were revoked, have expired, or the key is another', async () => {
    const store = new MemoryLastingStore<string>();
    const { book, records } = await open(store);
    const { password } = book.issue('anna');
    await records.settled();
    expect((await open(store, new SecretBox([randomBytes(32)]))).book.issue('anna').password).not.toBe(password);
    clock.advance(1_000);
    expect((await open(store)).book.issue('anna').password).not.toBe(password);
    book.revoke('anna');
    await records.settled();
    expect(store.records.size).toBe(0);
  });
});
