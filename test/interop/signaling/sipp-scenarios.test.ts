/**
 * SIPp, a peer that is not ours, with an unchanged drachtio-srf on the embedded edge: what goes beyond a plain call. Each
 * scenario of the folder `sipp` checks its side of the wire, and here stands what the app does and must have seen.
 */
import { join } from 'node:path';
import { systemClock } from '../../../base/clock';
import { UdpRelay } from '../../../infra/impair/udp-relay';
import { ServerUnderTest, until } from '../../contract/signaling/server-under-test';
import { appOf } from '../../contract/signaling/srf-app';
import { freePort } from '../../support/free-port';
import type { SippOutcome } from '../../support/sipp';
import { PLAYED, runSipp } from '../../support/sipp';
import { describeNeeding } from '../../support/tools';
import * as apps from './sipp-apps';

interface Scenario {
  /** The file in `sipp`. */
  readonly file: string;
  readonly title: string;
  /** As callee SIPp waits for the call that the app places. */
  readonly sippIs: 'caller' | 'callee';
  readonly app: apps.Behaviour;
  /** In any order: drachtio-srf tells requests by events and responses by promises, which may swap. SIPp checks the order. */
  readonly sees: readonly string[];
}

const SCENARIOS: readonly Scenario[] = [
  {
    file: 'digest',
    title: 'answers a challenge to its INVITE',
    sippIs: 'caller',
    app: apps.challenging,
    sees: ['none', 'ann', 'ended'],
  },
  {
    file: 'prack-caller',
    title: 'acknowledges a reliable 183',
    sippIs: 'caller',
    app: apps.ringingReliably,
    sees: ['PRACK 1 INVITE', 'ended'],
  },
  {
    file: 'prack-callee',
    title: 'rings reliably',
    sippIs: 'callee',
    app: apps.callingReliably,
    sees: ['180', 'answered'],
  },
  {
    file: 'update',
    title: 'sends UPDATE and takes ours',
    sippIs: 'caller',
    app: apps.updating,
    sees: ['answered', 'UPDATE with an offer', '200', 'ended'],
  },
  {
    file: 'refer-caller',
    title: 'asks for a transfer',
    sippIs: 'caller',
    app: apps.transferring,
    sees: ['answered', 'REFER to 4001', '200', '200'],
  },
  {
    file: 'refer-callee',
    title: 'is asked for a transfer',
    sippIs: 'callee',
    app: apps.referring,
    sees: ['202', 'SIP/2.0 100 Trying', 'SIP/2.0 200 OK'],
  },
  {
    file: 'glare',
    title: 'offers again while we do',
    sippIs: 'caller',
    app: apps.offering,
    sees: ['answered', 'our offer: 491', 'their offer', 'our offer: 200', 'ended'],
  },
  {
    file: 'overlap',
    title: 'offers again while its offer waits',
    sippIs: 'caller',
    app: apps.hesitating,
    sees: ['answered', 'their offer', 'ended'],
  },
  {
    file: 'cancel-early',
    title: 'cancels before it rings',
    sippIs: 'caller',
    app: apps.ringingOn,
    sees: ['cancelled'],
  },
  {
    file: 'cancel-late',
    title: 'cancels when the answer is on its way',
    sippIs: 'caller',
    app: apps.answering(),
    sees: ['answered', 'ended'],
  },
  {
    file: 'cancel-callee',
    title: 'answers when our CANCEL is on its way',
    sippIs: 'callee',
    app: apps.cancelling('ringing'),
    sees: ['180', 'cancelled', 'answered all the same'],
  },
  {
    file: 'cancel-silent',
    title: 'is cancelled before it has said anything',
    sippIs: 'callee',
    app: apps.cancelling('sent'),
    sees: ['cancelled', '180', 'failed: 487'],
  },
];

let server: ServerUnderTest;
beforeEach(async () => {
  server = await ServerUnderTest.start();
});
afterEach(async () => {
  await server.close();
  expect(server.held()).toEqual([]);
});

const play = (file: string, port: number, more: readonly string[]): Promise<SippOutcome> =>
  runSipp(['-sf', join(__dirname, 'sipp', `${file}.xml`), '-p', String(port), ...more]);

/** Nothing is left of the calls, but transactions that absorb retransmissions until their timers end. */
const allOver = (): Promise<void> =>
  until(() => {
    if (!server.edge) return true;
    const { dialogs, pendingRequests, sentRequests, waiting } = server.edge.counts();
    return dialogs + pendingRequests + sentRequests + waiting === 0;
  });

describeNeeding('sipp')('SIPp', () => {
  it.each(SCENARIOS)(
    '$title ($file)',
    async ({ file, sippIs, app, sees }) => {
      const seen: string[] = [];
      const port = await freePort();
      const srf = await server.app(
        sippIs === 'caller' ? (one) => app(appOf(one), (what) => seen.push(what), '') : undefined,
      );
      const once = ['-m', '1', '-timeout', '15'];
      const played = play(file, port, [...once, `${server.host}:${server.sipPort}`]);
      if (sippIs === 'callee') app(appOf(srf), (what) => seen.push(what), `sip:4000@127.0.0.1:${port}`);
      expect(await played).toEqual(PLAYED);
      await until(() => seen.length >= sees.length);
      await allOver();
      expect(seen.sort()).toEqual([...sees].sort());
    },
    25_000,
  );

  it('loses none of 100 calls when every tenth packet is lost', async () => {
    // Without jitter: SIPp takes a 100 that the 200 has overtaken for an error.
    const impairment = { lossShare: 0.1, delayMs: 5, jitterMs: 0 };
    const relay = await UdpRelay.open({
      target: { address: server.host, port: server.sipPort },
      toTarget: { ...impairment, seed: 1 },
      toPeer: { ...impairment, seed: 2 },
      clock: systemClock,
    });
    try {
      const seen: string[] = [];
      await server.app((srf) => apps.answering()(appOf(srf), (what) => seen.push(what), ''));
      const load = ['-m', '100', '-r', '25', '-l', '100', '-max_retrans', '12', '-timeout', '50'];
      expect(await play('lossy', await freePort(), [...load, `127.0.0.1:${relay.port}`])).toEqual(PLAYED);
      expect(relay.counts().lost).toBeGreaterThan(30);
      await allOver();
      const count = (what: string): number => seen.filter((one) => one === what).length;
      expect([count('answered'), count('ended'), seen.length]).toEqual([100, 100, 200]);
    } finally {
      relay.close();
    }
  }, 60_000);
});
