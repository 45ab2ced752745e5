/** The whole media process as the app meets it: a Unix socket, real RTP, the real mediasoup worker. */
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock as clock } from '../../base/clock';
import { newId } from '../../base/ids';
import type { EndpointId, PlayId } from '../../base/ids';
import { silentLogger } from '../../base/log';
import { MediaClient } from '../../media/client';
import { startMediaProcess } from '../../media/process';
import type { MediaProcess } from '../../media/process';
import { WAV_HEADER_BYTES, wavHeader } from '../../media/wav/wav-header';
import { findMediasoupWorker } from '../support/mediasoup-worker';
import { RtpPeer } from '../support/rtp-peer';
import { levelDbfs } from '../support/spectrum';
import { until } from '../support/wait';

const mediasoupWorkerBin = findMediasoupWorker();
const log = silentLogger();

describe('the media process', () => {
  let home: string;
  let running: MediaProcess | undefined;
  beforeEach(async () => (home = await mkdtemp(join(tmpdir(), 'switchroom-process-'))));
  afterEach(async () => {
    await running?.close();
    running = undefined;
    await rm(home, { recursive: true });
  });

  const start = async (): Promise<MediaProcess> =>
    (running = await startMediaProcess({
      bindAddress: '127.0.0.1',
      rtpPorts: { first: 42_600, last: 42_699 },
      address: { socketPath: join(home, 'media.sock') },
      secret: 'for this test',
      soundsDir: join(__dirname, '../../media/sounds'),
      recordingsDir: join(home, 'recordings'),
      mediasoupWorkerBin,
      clock,
      log,
    }));

  it('opens both kinds of endpoint, plays every prompt and the music, and ends its worker', async () => {
    const media = await start();
    const client = new MediaClient({ address: media.address, secret: 'for this test', clock, log });
    await client.whenReady();
    const peer = await RtpPeer.open();
    const [carrier, browser] = [newId<EndpointId>(), newId<EndpointId>()];
    const codecs = ['PCMA'] as const;
    const opened = await client.openEndpoint({ endpointId: carrier, kind: 'rtp', offer: peer.sdp(), codecs });
    const offered = await client.openEndpoint({ endpointId: browser, kind: 'webrtc', codecs });
    expect(opened).toMatchObject({ ok: true, value: { codec: 'PCMA' } });
    expect(offered.ok && offered.value.sdp).toContain('a=ice-ufrag:');
    const names = [
      'welcome',
      'menu',
      'invalid-choice',
      'please-wait',
      'connecting',
      'no-agents',
      'goodbye',
      'record-notice',
    ];
    const prompts = ['en', 'zh-CN'].flatMap((language) =>
      names.map((name) => ({ kind: 'prompt', language, name }) as const),
    );
    for (const source of [...prompts, { kind: 'music', name: 'default' } as const]) {
      peer.clear();
      expect(await client.play({ playId: newId<PlayId>(), endpointId: carrier, sources: [source] })).toMatchObject({
        ok: true,
      });
      await until('sound', () => levelDbfs(peer.heard()) > -40);
    }
    const [workerPid] = media.workerPids;
    expect(workerPid).toBeGreaterThan(0);
    client.close();
    peer.close();
    await media.close();
    await media.close();
    await until('the end of the worker', () => !isAlive(workerPid ?? 0));
  });

  it('closes recordings that a crash left open, and takes over the socket of a process that was killed', async () => {
    const recordings = join(home, 'recordings');
    await mkdir(recordings);
    await writeFile(join(home, 'media.sock'), '');
    const format = { encoding: 'alaw', channels: 2, sampleRateHz: 8000 } as const;
    await writeFile(join(recordings, 'left.wav'), Buffer.concat([wavHeader(format, 0), Buffer.alloc(1600, 0xd5)]));
    await writeFile(join(recordings, 'left.wav.open'), '');
    await start();
    expect((await readFile(join(recordings, 'left.wav'))).readUInt32LE(WAV_HEADER_BYTES - 4)).toBe(1600);
    await expect(access(join(recordings, 'left.wav.open'))).rejects.toThrow('ENOENT');
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
