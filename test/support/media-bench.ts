/** Both implementations of MediaPort, for the suites that hold them to one contract. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../base/clock';
import { newId } from '../../base/ids';
import type { EndpointId } from '../../base/ids';
import { silentLogger } from '../../base/log';
import type { Result } from '../../base/result';
import { MediaClient } from '../../media/client';
import type { MutualTls } from '../../media/connection';
import { RtpEndpointFactory } from '../../media/endpoint/rtp-factory';
import { MediaEngine } from '../../media/engine';
import { MediaPool } from '../../media/pool/pool';
import type { MediaEvent, MediaPort } from '../../media/ports';
import { SoundLibrary } from '../../media/prompts/sound-library';
import { MediaServer } from '../../media/server';
import { EspeakEngine } from '../../media/speech/espeak-engine';
import { Speech } from '../../media/speech/speech';
import { SpeechCache } from '../../media/speech/speech-cache';
import { TestAuthority } from './certificates';
import { RtpPeer } from './rtp-peer';
import type { RtpPeerOptions } from './rtp-peer';

const authorities = new Map<string, TestAuthority>();
const issued = new Set<string>();
afterAll(() => authorities.forEach((authority) => authority.remove()));

const authorityOf = (name: string): TestAuthority => {
  const authority = authorities.get(name) ?? new TestAuthority();
  authorities.set(name, authority);
  return authority;
};

/** What this side shows, by which authority, and that it believes in ours. */
export const tlsOf = (name: string, by = 'ours'): MutualTls => {
  const authority = authorityOf(by);
  const key = `${by} ${name}`;
  if (!issued.has(key)) authority.issue(name);
  issued.add(key);
  const read = (one: string): string => readFileSync(authority.file(one), 'utf8');
  const ca = readFileSync(authorityOf('ours').file('ca.pem'), 'utf8');
  return { certificate: read(`${name}.pem`), key: read(`${name}.key`), ca };
};

/** Of each test process its own, by and large: what is still sent to a port of one must not reach another. */
const FIRST_PORT = 46_000 + 400 * (process.pid % 32);
export const PORTS = { first: FIRST_PORT, last: FIRST_PORT + 199 };
export const MORE_PORTS = { first: FIRST_PORT + 200, last: FIRST_PORT + 399 };
export const SOUNDS = join(__dirname, '../../media/sounds');
const clock = systemClock;
const log = silentLogger();

export interface MediaBench {
  readonly port: MediaPort;
  readonly recordingsDir: string;
  /** The center's own sounds; empty at first. */
  readonly ownSoundsDir: string;
  close(): Promise<void>;
}

async function newEngine(
  rtpPorts = PORTS,
  folder?: string,
): Promise<{ engine: MediaEngine; recordingsDir: string; ownSoundsDir: string }> {
  const recordingsDir = folder ?? (await mkdtemp(join(tmpdir(), 'switchroom-media-')));
  const rtp = new RtpEndpointFactory({ bindAddress: '127.0.0.1', rtpPorts, clock, log });
  const ownSoundsDir = join(recordingsDir, 'sounds');
  const cache = new SpeechCache({ dir: join(recordingsDir, 'speech'), clock });
  const speech = new Speech({ engine: await EspeakEngine.open({ clock }), cache });
  const sounds = new SoundLibrary({ dir: SOUNDS, ownDir: ownSoundsDir, speech });
  const takesDir = ownSoundsDir;
  const engine = new MediaEngine({ factories: { rtp, webrtc: rtp }, sounds, recordingsDir, takesDir, clock, log });
  return { engine, recordingsDir, ownSoundsDir };
}

/** A media process in all but the process. */
export interface BenchProcess {
  readonly name: string;
  readonly client: MediaClient;
  readonly engine: MediaEngine;
  /** Whether it has nothing open any more after it was told to drain. */
  readonly drained: boolean;
  /** As when it is killed: connections break, sockets close, nothing is said. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export async function newProcess(name: string, rtpPorts: typeof PORTS, folder: string): Promise<BenchProcess> {
  const { engine } = await newEngine(rtpPorts, folder);
  const address = { host: '127.0.0.1', port: 0 };
  let drained = false;
  const onDrained = (): void => void (drained = true);
  const server = value(await MediaServer.start({ engine, address, secret: 'for this test', onDrained, clock, log }));
  const client = new MediaClient({ address: server.address, secret: 'for this test', clock, log });
  await client.whenReady();
  const kill = async (): Promise<void> => {
    await server.close();
    await engine.close();
  };
  const close = async (): Promise<void> => {
    client.close();
    await kill();
  };
  return {
    name,
    client,
    engine,
    get drained() {
      return drained;
    },
    kill,
    close,
  };
}

export const IMPLEMENTATIONS: Record<string, () => Promise<MediaBench>> = {
  'the engine in this process': async () => {
    const { engine, recordingsDir, ownSoundsDir } = await newEngine();
    const close = async (): Promise<void> => {
      await engine.close();
      await rm(recordingsDir, { recursive: true });
    };
    return { port: engine, recordingsDir, ownSoundsDir, close };
  },
  'client and server over mutual TLS': async () => {
    const { engine, recordingsDir, ownSoundsDir } = await newEngine();
    const address = { host: '127.0.0.1', port: 0, tls: tlsOf('media') };
    const server = value(await MediaServer.start({ engine, address, secret: '', clock, log }));
    const reached = { ...server.address, tls: tlsOf('app') };
    const client = new MediaClient({ address: reached, secret: '', clock, log });
    await client.whenReady();
    const close = async (): Promise<void> => {
      client.close();
      await server.close();
      await engine.close();
      await rm(recordingsDir, { recursive: true });
    };
    return { port: client, recordingsDir, ownSoundsDir, close };
  },
  'a pool of two processes': async () => {
    const folder = await mkdtemp(join(tmpdir(), 'switchroom-media-'));
    const processes = [await newProcess('media-1', PORTS, folder), await newProcess('media-2', MORE_PORTS, folder)];
    const pool = new MediaPool({
      processes: processes.map(({ client, name }) => ({ name, port: client })),
      clock,
      log,
    });
    const close = async (): Promise<void> => {
      pool.close();
      for (const process of processes) await process.close();
      await rm(folder, { recursive: true });
    };
    return { port: pool, recordingsDir: folder, ownSoundsDir: join(folder, 'sounds'), close };
  },
};

export interface MediaSuite {
  /** Of the present test. */
  readonly bench: MediaBench;
  readonly port: MediaPort;
  /** What the port has told in the present test. */
  readonly events: readonly MediaEvent[];
  /** Telephones that are closed after the test. */
  readonly peers: RtpPeer[];
  /** A telephone with an endpoint of its own. */
  party(options?: RtpPeerOptions): Promise<TestParty>;
}

/** For each test of a describe block one of {@link IMPLEMENTATIONS}, and telephones, which end with it. */
export function mediaSuite(name: string): MediaSuite {
  let bench: MediaBench;
  const events: MediaEvent[] = [];
  const peers: RtpPeer[] = [];
  beforeEach(async () => {
    const open = IMPLEMENTATIONS[name];
    if (!open) throw new Error(`there is no implementation "${name}"`);
    bench = await open();
    // Not when the test ends: what the one before had open may end later.
    events.length = 0;
    bench.port.onEvent((event) => events.push(event));
  });
  afterEach(async () => {
    peers.splice(0).forEach((peer) => peer.close());
    await bench.close();
  });
  return {
    get bench() {
      return bench;
    },
    get port() {
      return bench.port;
    },
    events,
    peers,
    party: async (options) => {
      const opened = await openParty(bench.port, options);
      peers.push(opened.peer);
      return opened;
    },
  };
}

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
