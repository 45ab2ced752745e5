/** SIPp, a caller that is not ours, against a drachtio-srf app on the embedded edge. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANSWER } from '../../contract/signaling/sip-peer';
import { ServerUnderTest, until } from '../../contract/signaling/server-under-test';
import { describeNeeding } from '../../support/tools';

const CALLS = 200;

interface Outcome {
  readonly exitCode: number;
  readonly output: string;
}

const sipp = (args: readonly string[], folder: string): Promise<Outcome> =>
  new Promise((resolve) => {
    const child = execFile('sipp', args, { cwd: folder, timeout: 50_000 }, (_error, stdout, stderr) => {
      resolve({ exitCode: child.exitCode ?? -1, output: `${stdout}${stderr}`.slice(-3_000) });
    });
  });

describeNeeding('sipp').each([
  ['udp', 'u1'],
  ['tcp', 't1'],
])('SIPp over %s', (_transport, mode) => {
  it(`places ${CALLS} calls, none of which fails, and leaves nothing behind`, async () => {
    const server = await ServerUnderTest.start();
    const folder = mkdtempSync(join(tmpdir(), 'sipp-'));
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
      const { exitCode, output } = await sipp(
        ['-sn', 'uac', '-t', mode, '-i', '127.0.0.1', ...load, '-s', '4000', '-nostdin', '-timeout', '40', target],
        folder,
      );
      expect({ exitCode, output: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, output: '' });
      expect(answered).toBe(CALLS);
      if (server.edge) await until(() => server.edge?.counts().dialogs === 0);
    } finally {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    }
    if (server.edge) expect(Object.values(server.edge.counts()).filter((count) => count > 0)).toEqual([]);
  }, 60_000);
});
