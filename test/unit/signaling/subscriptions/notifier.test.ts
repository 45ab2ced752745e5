/** Subscriptions over simulated time, with a phone that answers what the test says: every end forgets its dialog. */
import { SimulatedClock } from '../../../../base/clock';
import { silentLogger } from '../../../../base/log';
import { packageOf } from '../../../../signaling/subscriptions/event-packages';
import { Notifier } from '../../../../signaling/subscriptions/notifier';
import type { SubscriptionRecords } from '../../../../signaling/subscriptions/notifier';

const setUp = (records?: SubscriptionRecords) => {
  const clock = new SimulatedClock();
  const told: string[] = [];
  const phone = { status: 200, reachable: true, exists: true, serverIsUp: true, forgotten: 0 };
  const notifier = new Notifier({
    clock,
    log: silentLogger(),
    records,
    source: {
      stateOf: () => (phone.exists ? { reachable: phone.reachable, calls: [] } : undefined),
      messagesOf: () => undefined,
    },
  });
  const pack = packageOf('presence');
  if (!pack) throw new Error('there is no package of presence');
  const subscribe = (expiresS = 600) => {
    const dialog = {
      id: 'a84b4c76e66710@host;from-tag=1',
      contact: undefined,
      get isUp() {
        return phone.serverIsUp;
      },
      whenUp: () => Promise.resolve(phone.serverIsUp),
      notify: (headers: Readonly<Record<string, string>>) => {
        told.push(headers['Subscription-State'] ?? '');
        return Promise.resolve(phone.status);
      },
    };
    const watched = { extension: '2001', host: 'pbx.example' };
    const request = { pack, event: 'presence', watched, userName: '2002', expiresS, dialog };
    return notifier.add(request, () => (phone.forgotten += 1));
  };
  return { clock, told, phone, notifier, subscribe };
};

/** A store that takes `writeMs` for each record. */
const storeOf = (writeMs: number) => {
  let write = (): void => undefined;
  const records: SubscriptionRecords = {
    takeFound: () => [],
    save: () => undefined,
    remove: () => undefined,
    written: () => new Promise((resolve) => (write = resolve)),
  };
  return { records, writeAfter: (clock: SimulatedClock) => void clock.after(writeMs, () => write()) };
};

describe('a subscription', () => {
  it.each([
    ['once it is written down, so that the next app knows of it', 300, 300],
    ['after a second whatever the store does', 60_000, 1_000],
  ])('is told for the first time %s', async (_when, writeMs, toldMs) => {
    const { records, writeAfter } = storeOf(writeMs);
    const { clock, told, subscribe } = setUp(records);
    writeAfter(clock);
    subscribe();
    await clock.advanceAsync(toldMs - 1);
    expect(told).toEqual([]);
    await clock.advanceAsync(1);
    expect(told).toEqual([expect.stringContaining('active')]);
  });

  it('is told a change once, however often it is spoken of', async () => {
    const { clock, told, phone, notifier, subscribe } = setUp();
    subscribe();
    await clock.advanceAsync(1_000);
    phone.reachable = false;
    for (let times = 0; times < 3; times += 1) notifier.changed();
    await clock.advanceAsync(1_000);
    notifier.changed();
    await clock.advanceAsync(1_000);
    expect(told).toEqual(['active;expires=600', 'active;expires=599']);
  });

  it.each([
    ['its time is over', 'timeout', () => undefined],
    ['its extension is gone', 'noresource', ({ phone, notifier }) => ((phone.exists = false), notifier.changed())],
    ['the product stops', 'deactivated', ({ notifier }) => notifier.close()],
  ] satisfies [string, string, (at: ReturnType<typeof setUp>) => void][])(
    'that ends since %s says so last, and forgets its dialog',
    async (_why, reason, act) => {
      const at = setUp();
      at.subscribe(60);
      await at.clock.advanceAsync(1_000);
      act(at);
      await at.clock.advanceAsync(60_000);
      expect(at.told).toEqual(['active;expires=60', `terminated;reason=${reason}`]);
      expect([at.phone.forgotten, at.notifier.size, at.clock.pendingTimers]).toEqual([1, 0, 0]);
    },
  );

  it.each([
    [
      'whose phone knows it no more',
      ({ phone, notifier }) => ((phone.status = 481), (phone.reachable = false), notifier.changed()),
    ],
    [
      'whose server does not come back',
      ({ phone, notifier }) => ((phone.serverIsUp = false), (phone.reachable = false), notifier.changed()),
    ],
    ['whose time is over while the server is away', ({ phone }) => (phone.serverIsUp = false)],
  ] satisfies [string, (at: ReturnType<typeof setUp>) => void][])(
    '%s ends without a further word, and forgets its dialog',
    async (_which, act) => {
      const at = setUp();
      at.subscribe();
      await at.clock.advanceAsync(1_000);
      act(at);
      await at.clock.advanceAsync(600_000, 1_000);
      expect(at.told.filter((state) => state.startsWith('terminated'))).toEqual([]);
      expect([at.phone.forgotten, at.notifier.size, at.clock.pendingTimers]).toEqual([1, 0, 0]);
    },
  );
});
