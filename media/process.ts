/** The media process: factories, engine and server, started and ended together. */
import { mkdir } from 'node:fs/promises';
import type { Clock } from '../base/clock';
import { SwitchroomError } from '../base/errors';
import type { Logger } from '../base/log';
import { loadOpus } from './codec/opus';
import { RtpEndpointFactory } from './endpoint/rtp-factory';
import { MediaEngine } from './engine';
import { SoundLibrary } from './prompts/sound-library';
import { recoverRecordings } from './recording/recover-recordings';
import type { PortRange } from './rtp/port-allocator';
import { MediaServer } from './server';
import { openSpeech } from './speech/options';
import type { SpeechSettings } from './speech/options';
import type { MediaAddress } from './connection';
import { LiveStreams } from './streams/live-streams';
import { createWebRtcEndpoints } from './webrtc/webrtc-endpoints';

const DEFAULT_AWAY_ALARM_MS = 60_000;

export interface MediaProcessOptions {
  /** Where RTP and browsers' media are received. */
  readonly bindAddress: string;
  /** The address in SDP, where it differs from the one that is bound, such as behind a NAT. */
  readonly publicAddress?: string | undefined;
  /** By which it knows its recordings among those of others. Default none. */
  readonly name?: string | undefined;
  /** Whether a recording that a crash has left open is this process's to end. Default all. */
  readonly owns?: ((owner: string) => boolean) | undefined;
  readonly rtpPorts: PortRange;
  /** The browsers' one UDP and TCP port; without it a free one is taken. */
  readonly webRtcPort?: number | undefined;
  /** Where the app connects to. */
  readonly address: MediaAddress;
  readonly secret: string;
  readonly soundsDir: string;
  /** The center's own sounds, which come before those of `soundsDir`; takes are written there too. */
  readonly ownSoundsDir?: string | undefined;
  /** How texts are said, and where what was said is kept; without it none can be. */
  readonly speech?: (SpeechSettings & { readonly cacheDir: string }) | undefined;
  /** How long a music stream may be away before that is told. Default a minute. */
  readonly streamAwayAlarmMs?: number | undefined;
  readonly recordingsDir: string;
  /** No recording is begun on a disk that is fuller; default 100. */
  readonly diskLimitPercent?: number | undefined;
  readonly mediasoupWorkerBin?: string | undefined;
  /** How long what an app had open is kept for its next start when it was killed. Default 60 s. */
  readonly keepMs?: number | undefined;
  /** Told when it has been drained, by whoever asked for it. */
  readonly onDrained?: (() => void) | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface MediaProcess {
  /** Where the app connects to; with port 0 the port that was taken. */
  readonly address: MediaAddress;
  /** Process ids of the mediasoup workers. */
  readonly workerPids: readonly number[];
  /** Takes no more calls; see {@link MediaServer.drain}. */
  drain(withinMs?: number): void;
  /** Ends everything; recordings are finished. Idempotent. */
  close(): Promise<void>;
}

/** Throws a SwitchroomError (`unavailable`) when a part cannot be started. */
export async function startMediaProcess(options: MediaProcessOptions): Promise<MediaProcess> {
  const { bindAddress, publicAddress, recordingsDir, clock, log } = options;
  await mkdir(recordingsDir, { recursive: true });
  await loadOpus();
  for (const recording of await recoverRecordings(recordingsDir, options.owns))
    log.warn({ recording }, 'a recording that was left open has been closed');
  const rtp = new RtpEndpointFactory({ bindAddress, publicAddress, rtpPorts: options.rtpPorts, clock, log });
  const webrtc = await createWebRtcEndpoints({
    bindAddress,
    publicAddress,
    udpTcpPort: options.webRtcPort,
    workerBin: options.mediasoupWorkerBin,
    clock,
    log,
  });
  const { soundsDir, ownSoundsDir } = options;
  const speech = options.speech && (await openSpeech(options.speech, { cacheDir: options.speech.cacheDir, clock }));
  const streams = new LiveStreams({ awayAlarmMs: options.streamAwayAlarmMs ?? DEFAULT_AWAY_ALARM_MS, clock, log });
  const sounds = new SoundLibrary({ dir: soundsDir, ownDir: ownSoundsDir, speech, streams });
  const { diskLimitPercent, name } = options;
  const engine = new MediaEngine({
    factories: { rtp, webrtc },
    sounds,
    name,
    recordingsDir,
    diskLimitPercent,
    takesDir: ownSoundsDir,
    clock,
    log,
  });
  const { address, secret, keepMs, onDrained } = options;
  const served = { engine, address, secret, keepMs, ...(onDrained && { onDrained }), clock, log };
  const server = await MediaServer.start(served);
  if (!server.ok) {
    await engine.close();
    throw new SwitchroomError(server.fault.code, server.fault.message, { cause: server.fault.cause });
  }
  return {
    address: server.value.address,
    get workerPids() {
      return webrtc.workerPids;
    },
    drain: (withinMs) => server.value.drain(withinMs),
    close: async () => {
      await server.value.close();
      await engine.close();
    },
  };
}
