/** Both implementations of MediaPort, for the suites that hold them to one contract. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../base/clock';
import { newId } from '../../base/ids';
import type { EndpointId } from '../../base/ids';
import { silentLogger } from '../../base/log';
import type { Result } from '../../base/result';
import { MediaClient } from '../../media/client';
import { RtpEndpointFactory } from '../../media/endpoint/rtp-factory';
import { MediaEngine } from '../../media/engine';
import type { MediaPort } from '../../media/ports';
import { SoundLibrary } from '../../media/prompts/sound-library';
import { MediaServer } from '../../media/server';
import { RtpPeer } from './rtp-peer';
import type { RtpPeerOptions } from './rtp-peer';

const PORTS = { first: 42_000, last: 42_199 };
export const SOUNDS = join(__dirname, '../../media/sounds');
const clock = systemClock;
const log = silentLogger();

export interface MediaBench {
  readonly port: MediaPort;
  readonly recordingsDir: string;
  close(): Promise<void>;
}

async function newEngine(): Promise<{ engine: MediaEngine; recordingsDir: string }> {
  const recordingsDir = await mkdtemp(join(tmpdir(), 'switchroom-media-'));
  const rtp = new RtpEndpointFactory({ bindAddress: '127.0.0.1', rtpPorts: PORTS, clock, log });
  const sounds = new SoundLibrary({ dir: SOUNDS });
  const engine = new MediaEngine({ factories: { rtp, webrtc: rtp }, sounds, recordingsDir, clock, log });
  return { engine, recordingsDir };
}

export const IMPLEMENTATIONS: Record<string, () => Promise<MediaBench>> = {
  'the engine in this process': async () => {
    const { engine, recordingsDir } = await newEngine();
    const close = async (): Promise<void> => {
      await engine.close();
      await rm(recordingsDir, { recursive: true });
    };
    return { port: engine, recordingsDir, close };
  },
  'client and server over a socket': async () => {
    const { engine, recordingsDir } = await newEngine();
    const address = { host: '127.0.0.1', port: 0 };
    const server = value(await MediaServer.start({ engine, address, secret: 'for this test', clock, log }));
    const client = new MediaClient({ address: server.address, secret: 'for this test', clock, log });
    await client.whenReady();
    const close = async (): Promise<void> => {
      client.close();
      await server.close();
      await engine.close();
      await rm(recordingsDir, { recursive: true });
    };
    return { port: client, recordingsDir, close };
  },
};

/** The value, or an error that says what was refused. */
export function value<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.message}`);
  return result.value;
}

export const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.fault.code);

export interface TestParty {
  readonly peer: RtpPeer;
  readonly id: EndpointId;
}

/** A telephone with an endpoint of its own. */
export async function openParty(port: MediaPort, options: RtpPeerOptions = {}): Promise<TestParty> {
  const peer = await RtpPeer.open(options);
  const id = newId<EndpointId>();
  const codecs = ['PCMA', 'PCMU', 'G722', 'OPUS'] as const;
  const opened = await port.openEndpoint({ endpointId: id, kind: 'rtp', offer: peer.sdp(), codecs });
  if (!opened.ok) peer.close();
  peer.connectTo(value(opened).sdp);
  return { peer, id };
}
