/** Our registration with a carrier over simulated hours: refresh, back-off, Retry-After, the end. */
import { SimulatedClock } from '../../../../base/clock';
import { silentLogger } from '../../../../base/log';
import { DigestSession } from '../../../../signaling/trunks/digest-session';
import type { RegistrationState } from '../../../../signaling/trunks/registration';
import { backOffS, Registration } from '../../../../signaling/trunks/registration';
import type { OwnReply, OwnRequest } from '../../../../signaling/trunks/sip-requester';

const reply = (status: number, headers: Record<string, string> = {}): OwnReply => ({
  kind: 'response',
  status,
  reason: status === 200 ? 'OK' : 'Refused',
  address: '192.0.2.1',
  get: (name) => headers[name],
});
const granted = (expiresS: number): OwnReply =>
  reply(200, { Contact: `<sip:other@192.0.2.9>;expires=7200, <sip:bob@192.0.2.5>;expires=${expiresS}` });

/** A registration whose carrier answers from a list; the last answer again and again. */
const setUp = (answers: (OwnReply | Promise<OwnReply>)[], random = 0, digest?: DigestSession) => {
  const clock = new SimulatedClock();
  const sent: { request: OwnRequest; atS: number }[] = [];
  const states: RegistrationState[] = [];
  const registration = new Registration(
    { uri: 'sip:carrier.example', addressOfRecord: '<sip:bob@carrier.example>', user: 'bob', expiresS: 600 },
    {
      ...{ clock, log: silentLogger(), digest, random: () => random },
      requester: {
        connected: true,
        send: (request) => {
          sent.push({ request, atS: clock.monotonicMs() / 1_000 });
          const answer = answers.length > 1 ? answers.shift() : answers[0];
          return Promise.resolve(answer ?? { kind: 'silence', cause: { key: 'nothing-sent', values: {} } });
        },
      },
      onChange: (state) => states.push(state),
    },
  );
  const times = (): number[] => sent.map(({ atS }) => atS);
  const settle = (): Promise<void> => clock.advanceAsync(1e-9);
  return { clock, sent, states, registration, times, settle };
};

describe('a refresh', () => {
  it('comes at 85 % of what the registrar has granted to our own contact', async () => {
    const { clock, registration, times, settle, sent } = setUp([granted(100)]);
    registration.start();
    await settle();
    expect(registration.state).toMatchObject({ name: 'registered', refreshAtMs: clock.nowMs() + 85_000 });
    expect(registration.registrarAddress).toBe('192.0.2.1');
    await clock.advanceAsync(84_000);
    expect(times()).toHaveLength(1);
    await clock.advanceAsync(180_000, 500);
    expect(times().map(Math.round)).toEqual([0, 85, 170, 255]);
    const callIds = new Set(sent.map(({ request }) => request.headers['Call-ID']));
    expect(callIds.size).toBe(1);
    const numbers = sent.map(({ request }) => Number.parseInt(request.headers['CSeq'] ?? '', 10));
    expect(numbers.map((number) => number - (numbers[0] ?? 0))).toEqual([0, 1, 2, 3]);
  });

  it('that fails leaves the registration in force until it runs out', async () => {
    const { clock, registration, settle } = setUp([granted(100), reply(503)]);
    registration.start();
    await settle();
    await clock.advanceAsync(86_000, 500);
    expect(registration.state).toMatchObject({
      name: 'waiting',
      failures: 1,
      cause: { key: 'response', values: { status: 503, reason: 'Refused' } },
    });
    expect(registration.holds).toBe(true);
    await clock.advanceAsync(14_000);
    expect(registration.holds).toBe(false);
    expect(registration.registrarAddress).toBeUndefined();
  });

  it('is asked for with the time that 423 demands, from then on', async () => {
    const { clock, registration, sent, settle } = setUp([reply(423, { 'Min-Expires': '1200' }), granted(1_200)]);
    registration.start();
    await settle();
    await clock.advanceAsync(1_030_000, 10_000);
    expect(sent.map(({ request }) => request.headers['Expires'])).toEqual(['600', '1200', '1200']);
  });
});

describe('after failures', () => {
  it('the wait doubles up to half an hour, between half and all of it', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 50, 5_000].map((failures) => backOffS(failures, 1));
    expect(longest).toEqual([60, 120, 240, 480, 960, 1_800, 1_800, 1_800, 1_800]);
    expect(backOffS(1, 0)).toBe(30);
    expect(backOffS(1, 0.5)).toBe(45);
    expect(backOffS(9, 0)).toBe(900);
  });

  it('attempts keep to it, and a success begins anew', async () => {
    const { clock, registration, times, settle } = setUp([
      reply(500),
      reply(500),
      reply(500),
      granted(1_000),
      reply(500),
    ]);
    registration.start();
    await settle();
    await clock.advanceAsync(1_100_000, 50);
    // 30, 60 and 120 s of waiting; 850 s until the refresh fails; 30 s again.
    expect(times().map(Math.round).slice(0, 6)).toEqual([0, 30, 90, 210, 1_060, 1_090]);
  });

  it('Retry-After is kept to when it is longer', async () => {
    const { clock, registration, times } = setUp([reply(503, { 'Retry-After': '400 (maintenance)' }), granted(1_000)]);
    registration.start();
    await clock.advanceAsync(399_000, 1_000);
    expect(times()).toHaveLength(1);
    await clock.advanceAsync(2_000, 500);
    expect(registration.state.name).toBe('registered');
  });

  it('silence is one', async () => {
    const cause = { key: 'not-answered', values: { method: 'REGISTER', timeoutMs: 32_000 } } as const;
    const { registration, settle } = setUp([{ kind: 'silence', cause }]);
    registration.start();
    await settle();
    expect(registration.state).toMatchObject({ name: 'waiting', cause });
  });

  const challenge = { 'WWW-Authenticate': 'Digest realm="r", nonce="n", qop="auth"' };
  const refused = { status: 401, reason: 'Refused' };

  it.each([
    ['refused credentials', challenge, { key: 'credentials-refused', values: { ...refused, username: 'bob' } }],
    ['a challenge of no kind we know', {}, { key: 'challenge-unknown', values: refused }],
  ])('so are %s, which the cause names', async (_what, headers, cause) => {
    const digest = new DigestSession({ username: 'bob', password: 'wrong' });
    const { registration, settle } = setUp([reply(401, headers)], 0, digest);
    registration.start();
    await settle();
    expect(registration.state).toMatchObject({ name: 'waiting', cause });
  });
});

describe('the end', () => {
  it('takes the binding back, and leaves no timer', async () => {
    const { clock, registration, sent, settle, states } = setUp([granted(100)]);
    registration.start();
    await settle();
    await registration.stop();
    await registration.stop();
    expect(clock.pendingTimers).toBe(0);
    expect(sent.map(({ request }) => request.headers['Expires'])).toEqual(['600', '0']);
    expect(states.map(({ name }) => name)).toEqual(['registering', 'registered', 'stopped']);
    registration.start();
    await clock.advanceAsync(3_600_000, 60_000);
    expect(sent).toHaveLength(2);
    expect(clock.pendingTimers).toBe(0);
  });

  it('of one that never registered says nothing to the carrier', async () => {
    const { clock, registration, sent, settle } = setUp([reply(403)]);
    registration.start();
    await settle();
    await registration.stop();
    expect(sent).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('during the first REGISTER takes the binding back that its answer makes', async () => {
    let answer: (reply: OwnReply) => void = () => undefined;
    const first = new Promise<OwnReply>((resolve) => (answer = resolve));
    const { clock, registration, sent, settle } = setUp([first, reply(200)]);
    registration.start();
    const stopped = registration.stop();
    await clock.advanceAsync(1_000);
    expect(sent).toHaveLength(1);
    answer(granted(600));
    await settle();
    await stopped;
    expect(sent.map(({ request }) => request.headers['Expires'])).toEqual(['600', '0']);
    expect(registration.state.name).toBe('stopped');
    expect(clock.pendingTimers).toBe(0);
  });

  it('during the first REGISTER waits for 2 s, and says nothing later', async () => {
    let answer: (reply: OwnReply) => void = () => undefined;
    const first = new Promise<OwnReply>((resolve) => (answer = resolve));
    const { clock, registration, sent, settle } = setUp([first, reply(200)]);
    registration.start();
    let isOver = false;
    const stopped = registration.stop().then(() => (isOver = true));
    await clock.advanceAsync(1_900);
    expect(isOver).toBe(false);
    await clock.advanceAsync(200);
    await stopped;
    answer(granted(600));
    await settle();
    expect(sent).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('during a first REGISTER that is refused needs no more', async () => {
    const { clock, registration, sent } = setUp([reply(403)]);
    registration.start();
    await registration.stop();
    expect(sent).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });
});
