/** What is measured: the media process as the supervisor starts it, with a mediasoup worker, both on one core. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../../base/clock';
import { newToken } from '../../../../base/ids';
import { silentLogger } from '../../../../base/log';
import type { MediaStart } from '../../../../main/child-messages';
import { MediaClient } from '../../../../media/client';
import { NodeChild } from '../node-child';
import { cpuMsOf } from '../process-time';

const RTP_PORTS = { first: 20_000, last: 23_999 };

export interface MediaCpu {
  readonly media: number;
  readonly mediasoup_worker: number;
}

export class MediaUnderTest {
  private constructor(
    readonly port: MediaClient,
    private readonly child: NodeChild,
    private readonly home: string,
  ) {}

  static async start(options: {
    core: number | undefined;
    profileFolder?: string | undefined;
  }): Promise<MediaUnderTest> {
    const home = mkdtempSync(join(tmpdir(), 'bench-media-'));
    const [secret, socketPath] = [newToken(), join(home, 'media.sock')];
    const config: MediaStart = {
      name: 'media-1',
      others: [],
      logLevel: 'warn',
      bindAddress: '127.0.0.1',
      publicAddress: undefined,
      rtpPorts: RTP_PORTS,
      webRtcPort: undefined,
      socketPath,
      secret,
      soundsDir: join(__dirname, '../../media/sounds'),
      recordingsDir: join(home, 'recordings'),
      streamAwayAlarmMs: 60_000,
      diskLimitPercent: 99,
      mediasoupWorkerBin: process.env.MEDIASOUP_WORKER_BIN,
    };
    const child = await NodeChild.start({ ...options, argv: [join(__dirname, '../media.js')] }, config);
    const port = new MediaClient({ address: { socketPath }, secret, clock: systemClock, log: silentLogger() });
    await port.whenReady();
    return new MediaUnderTest(port, child, home);
  }

  /** What both processes have used so far. */
  cpuMs(): MediaCpu {
    const worker = this.workerPid();
    return { media: cpuMsOf(this.child.pid) ?? NaN, mediasoup_worker: cpuMsOf(worker) ?? 0 };
  }

  async stop(): Promise<void> {
    this.port.close();
    await this.child.stop();
    rmSync(this.home, { recursive: true, force: true });
  }

  private workerPid(): number | undefined {
    const { pid } = this.child;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    return children[0] ? Number(children[0]) : undefined;
  }
}
