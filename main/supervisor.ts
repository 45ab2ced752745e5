/** Starts store, media, edge and app in that order, watches and restarts them, and stops them in the reverse order. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Clock } from '../base/clock';
import { newToken } from '../base/ids';
import type { Logger } from '../base/log';
import type {
  AppReady,
  CommonStart,
  EdgeReady,
  EdgeStart,
  EdgeTls,
  Role,
  SampleAccount,
  StoreReady,
} from './child-messages';
import type { Config } from './config';
import { localMediaOf } from './config/media';
import type { LocalMedia } from './config/media';
import { mediaTlsFilesOf } from './media-tls';
import type { SecretKeySource } from './secret-keys';
import { keptToken } from './kept-token';
import { SupervisedChild } from './supervised-child';

export interface SupervisorDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  /** The folder of the bundles. */
  readonly distDir: string;
  /** The folder with `media/sounds`. */
  readonly rootDir: string;
  readonly version: string;
  /** Told before each process is started. */
  readonly progress: (name: string) => void;
  /** Told which accounts were made; their passwords can be shown only now. */
  readonly onAccounts: (accounts: readonly SampleAccount[]) => void;
}

const edgeTls = ({ tls }: Config): EdgeTls | undefined => {
  const { certificate, key, ca, requirePeerCertificate, sipPort, webSocketPort } = tls;
  if (certificate === undefined || key === undefined) return undefined;
  return {
    certificateFile: resolve(certificate),
    keyFile: resolve(key),
    caFile: ca === undefined ? undefined : resolve(ca),
    requirePeerCertificate,
    port: sipPort,
    wssPort: webSocketPort,
  };
};

/** Where this machine reaches itself when a door is open on this address. */
const reachable = (bindAddress: string): string =>
  bindAddress === '0.0.0.0' || bindAddress === '::' ? '127.0.0.1' : bindAddress;

/** What the edge is told. @param own ports that it had before, and the secret of this start. */
export const edgeStart = (config: Config, own: { last: EdgeReady | undefined; secret: string }): EdgeStart => {
  const { logLevel, bindAddress, publicAddress, sipPort, edge } = config;
  return {
    ...{ logLevel, bindAddress, publicAddress, sipPort },
    tls: edgeTls(config),
    controlPort: own.last?.controlPort ?? edge.controlPort ?? 0,
    controlTlsPort: edge.controlTlsPort,
    controlBindAddress: edge.controlBindAddress,
    requestHandlers: edge.requestHandlers,
    protection: config.protection,
    journalDir: join(config.home, 'edge'),
    wsPort: own.last?.wsPort ?? 0,
    secret: own.secret,
  };
};

/** Without a word of the configuration the keys are with the data. */
const secretKeysOf = ({ home, secretKeys, secretsKeyFile }: Config): SecretKeySource => ({
  keys: secretKeys,
  keyFile: secretsKeyFile === undefined ? join(home, 'secrets.key') : resolve(secretsKeyFile),
  mayMake: secretsKeyFile === undefined,
});

interface Parts {
  store?: SupervisedChild<'store'>;
  media?: readonly SupervisedChild<'media'>[];
  edge?: SupervisedChild<'edge'>;
  app?: SupervisedChild<'app'>;
}

export class Supervisor {
  private readonly parts: Parts = {};
  private readonly secrets: { readonly edge: string; readonly media: string };
  private readonly common: CommonStart;
  private readonly recordingsDir: string;
  private readonly runDir: string;
  private readonly media: readonly (LocalMedia & { readonly socketPath: string })[];

  constructor(private readonly deps: SupervisorDeps) {
    const { config } = deps;
    const { logLevel, bindAddress, publicAddress } = config;
    this.secrets = { edge: config.edge.secret ?? newToken(), media: newToken() };
    this.common = { logLevel, bindAddress, publicAddress };
    this.recordingsDir = join(config.home, 'recordings');
    // The path of a Unix socket has room for about a hundred bytes, and a data folder's may be longer than that.
    this.runDir = mkdtempSync(join(tmpdir(), 'switchroom-'));
    this.media = localMediaOf(config).map((one) => ({ ...one, socketPath: join(this.runDir, `${one.name}.sock`) }));
  }

  /** @throws SwitchroomError with one sentence that names what could not be started and why. */
  async start(): Promise<AppReady> {
    const { config } = this.deps;
    for (const folder of ['recordings', 'store', 'edge', 'sounds', 'speech']) {
      mkdirSync(join(config.home, folder), { recursive: true, mode: 0o700 });
    }
    const storeUri = config.mongodb.uri ?? (await this.startStore()).uri;
    await this.startMedia();
    const edge = config.drachtio.host === undefined ? await this.startEdge() : undefined;
    return this.startApp(storeUri, edge);
  }

  /** Ends calls first (the app), then what carried them; idempotent. */
  async stop(): Promise<void> {
    for (const part of Object.values(this.parts).flat()) (part as SupervisedChild<Role>).expectEnd();
    await this.parts.app?.stop();
    await Promise.all([this.parts.edge, ...(this.parts.media ?? [])].map((part) => part?.stop()));
    await this.parts.store?.stop();
    rmSync(this.runDir, { recursive: true, force: true });
  }

  private child<Name extends Role>(
    role: Name,
    config: ConstructorParameters<typeof SupervisedChild<Name>>[0]['config'],
    name?: string,
  ): SupervisedChild<Name> {
    const { clock, log, distDir, onAccounts } = this.deps;
    this.deps.progress(name ?? role);
    return new SupervisedChild<Name>({ role, name, file: join(distDir, `${role}.js`), clock, log, config, onAccounts });
  }

  private startStore(): Promise<StoreReady> {
    const dataDir = join(this.deps.config.home, 'store');
    // After a restart it must be found where it was: the app's connections look there.
    this.parts.store = this.child('store', (last) => ({ ...this.common, dataDir, port: last?.port ?? 0 }));
    return this.parts.store.start();
  }

  private startMedia(): Promise<unknown> {
    const { config, rootDir } = this.deps;
    const names = this.media.map(({ name }) => name);
    this.parts.media = this.media.map(({ name, ...ports }) =>
      this.child(
        'media',
        () => ({
          ...this.common,
          ...ports,
          name,
          others: names.filter((other) => other !== name),
          secret: this.secrets.media,
          soundsDir: join(rootDir, 'media', 'sounds'),
          ownSoundsDir: join(config.home, 'sounds'),
          speech: { ...config.speech, cacheDir: join(config.home, 'speech') },
          recordingsDir: this.recordingsDir,
          diskLimitPercent: config.recordings.diskLimitPercent,
          streamAwayAlarmMs: config.music.streamAwayAlarmS * 1000,
          mediasoupWorkerBin: config.mediasoupWorkerBin,
        }),
        name,
      ),
    );
    return Promise.all(this.parts.media.map((part) => part.start()));
  }

  private startEdge(): Promise<EdgeReady> {
    this.parts.edge = this.child('edge', (last) => edgeStart(this.deps.config, { last, secret: this.secrets.edge }));
    return this.parts.edge.start();
  }

  private startApp(storeUri: string, edge: EdgeReady | undefined): Promise<AppReady> {
    const { config, distDir, rootDir, version } = this.deps;
    const { host, port, secret, webSocketPort } = config.drachtio;
    const outside = host ?? '127.0.0.1';
    this.parts.app = this.child('app', () => ({
      ...this.common,
      httpPort: config.httpPort,
      sipPort: config.sipPort,
      home: config.home,
      webRoot: join(distDir, 'web'),
      recordingsDir: this.recordingsDir,
      recordings: config.recordings,
      soundsDir: join(rootDir, 'media', 'sounds'),
      ownSoundsDir: join(config.home, 'sounds'),
      storeUri,
      sessionHours: config.sessionHours,
      turn: config.turn,
      detect: config.detect,
      agentsSeeSupervision: config.agentsSeeSupervision,
      alarms: config.alarms,
      webhooks: config.webhooks,
      codecs: config.codecs,
      digestAlgorithms: config.digestAlgorithms,
      version,
      drachtio: edge
        ? { host: reachable(config.edge.controlBindAddress), port: edge.controlPort, secret: this.secrets.edge }
        : { host: outside, port, secret: secret ?? '' },
      sipWebSocket: edge ? { host: '127.0.0.1', port: edge.wsPort } : { host: outside, port: webSocketPort },
      media: {
        appId: keptToken(join(config.home, 'app-id')),
        secret: this.secrets.media,
        local: this.media.map(({ name, socketPath }) => ({ name, socketPath })),
        hosts: config.media.hosts,
        tls: mediaTlsFilesOf(config.media.tls),
      },
      trunks: config.trunks,
      protection: config.protection,
      routes: config.routes,
      numbering: config.numbering,
      tones: config.tones,
      identity: config.identity,
      bootstrapPassword: config.bootstrapPassword,
      secretKeys: secretKeysOf(config),
    }));
    return this.parts.app.start();
  }
}
