/** SIPp, a caller that is not ours, against a drachtio-srf app on the embedded edge. */
import { ANSWER } from '../../contract/signaling/sip-peer';
import { ServerUnderTest, until } from '../../contract/signaling/server-under-test';
import { PLAYED, runSipp } from '../../support/sipp';
import { describeNeeding } from '../../support/tools';

const CALLS = 200;

describeNeeding('sipp').each([
  ['udp', 'u1'],
  ['tcp', 't1'],
])('SIPp over %s', (_transport, mode) => {
  it(`places ${CALLS} calls, none of which fails, and leaves nothing behind`, async () => {
    const server = await ServerUnderTest.start();
    try {
      let answered = 0;
      await server.app((srf) => {
        srf.invite((req, res) => {
          srf.createUAS(req, res, { localSdp: ANSWER }).then(
            () => (answered += 1),
            () => undefined,
          );
        });
      });
      const target = `${server.host}:${server.sipPort}`;
      const load = ['-m', String(CALLS), '-r', '50', '-l', '50', '-d', '100'];
      const args = ['-sn', 'uac', '-t', mode, ...load, '-s', '4000', '-timeout', '40', target];
      expect(await runSipp(args)).toEqual(PLAYED);
      expect(answered).toBe(CALLS);
      if (server.edge) await until(() => server.edge?.counts().dialogs === 0);
    } finally {
      await server.close();
    }
    expect(server.held()).toEqual([]);
  }, 60_000);
});
