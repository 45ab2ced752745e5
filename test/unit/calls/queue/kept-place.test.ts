/** The place in the queue over a short drop of the line, a transfer that comes back, and an agent who is lost. */
import type { WaitingTerms } from '../../../../store/waiting-terms';
import type { InviteDouble } from '../support/port-doubles';
import { ANN, BOB, SmallCenter, SUPPORT } from '../support/small-center';

const [FIRST, SECOND] = ['+49301', '+49302'];

let center: SmallCenter;

const arrive = async (number: string): Promise<InviteDouble> => {
  const invite = center.signaling.arrive(number);
  await center.pass();
  return invite;
};

const order = (): string[] => center.center.waiting.list().map(({ number }) => number);

/** Two wait, and the first one is gone in this way. */
const lost = async (how: (first: InviteDouble) => void, waiting?: WaitingTerms): Promise<void> => {
  center = new SmallCenter({ waiting });
  const first = await arrive(FIRST);
  await center.pass(5_000);
  await arrive(SECOND);
  how(first);
  await center.pass();
  expect(order()).toEqual([SECOND]);
};

const mediaLost = (): void => {
  const [endpointId] = [...center.media.endpoints.keys()];
  center.media.lose(endpointId!, 'media-timeout');
};

const bye =
  (reason?: string) =>
  (first: InviteDouble): void =>
    first.dialog?.end({ by: 'remote', reason });

describe('a caller whose line was lost', () => {
  it.each([
    ['by its media', mediaLost],
    ['by the signaling', (first: InviteDouble) => first.dialog?.end({ by: 'failure', reason: 'timeout' })],
    ['by a BYE that tells of the network', bye('Q.850;cause=38;text="network out of order"')],
  ])('%s has the old place on calling again', async (_how, how) => {
    await lost(how);
    await center.pass(60_000);
    await arrive(FIRST);
    expect(order()).toEqual([FIRST, SECOND]);
    const again = [...center.saved.values()].filter(({ caller }) => caller.number === FIRST).at(-1);
    expect(again?.queueNotes).toMatchObject([{ kind: 'place-restored', queueId: SUPPORT, since: 'dropped' }]);
    expect(again?.outcome).toBeUndefined();
  });

  it.each([
    ['too late', mediaLost, undefined, 120_001],
    ['after hanging up', bye(), undefined, 0],
    ['after hanging up with a cause that is normal', bye('Q.850;cause=16'), undefined, 0],
    ['where the queue keeps no places', mediaLost, { reconnectMs: 0 }, 0],
  ])('has none %s', async (_why, how, terms, afterMs) => {
    await lost(how, terms);
    await center.pass(afterMs);
    await arrive(FIRST);
    expect(order()).toEqual([SECOND, FIRST]);
  });

  it('has it also after hanging up, where the queue says so', async () => {
    await lost(bye(), { reconnectAnyone: true, reconnectMs: 30_000 });
    await arrive(FIRST);
    expect(order()).toEqual([FIRST, SECOND]);
  });

  it('has it at the moment at which the loss is noticed, when calling again was faster', async () => {
    center = new SmallCenter();
    await arrive(FIRST);
    await arrive(SECOND);
    await arrive(FIRST);
    expect(order()).toEqual([FIRST, SECOND, FIRST]);
    mediaLost();
    await center.pass();
    expect(order()).toEqual([FIRST, SECOND]);
  });

  it('is found by the number alone: another caller has no part of it', async () => {
    await lost(mediaLost);
    await arrive('+49303');
    expect(order()).toEqual([SECOND, '+49303']);
  });
});

describe('the place is kept', () => {
  /** Ann talks with the first; another one waits, who came later. */
  const talking = async (): Promise<void> => {
    center = new SmallCenter();
    await center.ready(ANN);
    await arrive(FIRST);
    await center.answer();
    expect(center.callOf(ANN)?.state).toBe('connected');
    await arrive(SECOND);
  };

  it('over a transfer to the queue, before those who came meanwhile', async () => {
    await talking();
    await center.act(ANN, { command: 'transfer', target: { kind: 'queue', queueId: SUPPORT } });
    expect(order()).toEqual([FIRST, SECOND]);
  });

  it('over a transfer that nobody takes and whose agent is gone', async () => {
    await talking();
    await center.act(ANN, { command: 'transfer', target: { kind: 'agent', agentId: BOB } });
    center.telephone(ANN, false);
    center.newest.refuse('no_answer');
    await center.pass();
    expect(order()).toEqual([FIRST, SECOND]);
  });

  it('when the agent’s browser is lost, also right after the answer, before any sound has come', async () => {
    await talking();
    const browser = [...center.media.endpoints.values()].find(({ kind }) => kind === 'webrtc');
    center.media.lose(browser!.endpointId, 'ice-failed');
    await center.pass();
    expect(center.stateOf(ANN)).toBe('not-ready: device-lost');
    expect(order()).toEqual([FIRST, SECOND]);
    await center.ready(BOB);
    await center.pass();
    expect(center.callOf(BOB)).toMatchObject({ number: FIRST });
  });
});
