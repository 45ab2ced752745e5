/** What the supervisor and its child processes say to each other (Node's IPC channel). */
import type { CodecPolicy } from '../calls/leg-codecs';
import type { Detect } from '../base/detect';
import type { LogLevel } from '../base/log';
import type { SpeechSettings } from '../media/speech/options';
import type { DigestAlgorithm } from '../signaling/sip/digest';
import type { IdentitySettings } from '../signaling/trunks/identity-service';
import type { NumberSettings } from '../signaling/trunks/settings';
import type { RequestHandlerConfig } from './config';
import type { RecordingsConfig } from './config/recordings';
import type { MediaHostConfig } from './config/media';
import type { RouteConfig, TrunkConfig } from './config/trunks';
import type { MediaTlsFiles } from './media-tls';
import type { ProtectionConfig } from './protection-config';
import type { TurnConfig } from './turn-credentials';
import type { SecretKeySource } from './secret-keys';

export interface CommonStart {
  readonly logLevel: LogLevel;
  readonly bindAddress: string;
  readonly publicAddress: string | undefined;
}

export interface StoreStart extends CommonStart {
  readonly dataDir: string;
  /** 0: any free port. */
  readonly port: number;
}
export interface StoreReady {
  readonly port: number;
  readonly uri: string;
}

/** Files are absolute paths. */
export interface EdgeTls {
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly caFile: string | undefined;
  readonly requirePeerCertificate: boolean;
  readonly port: number;
  readonly wssPort: number | undefined;
}

export interface EdgeStart extends CommonStart {
  /** Left out: no TLS. */
  readonly tls: EdgeTls | undefined;
  readonly sipPort: number;
  readonly protection: ProtectionConfig;
  readonly controlPort: number;
  /** Left out: apps cannot connect by TLS. */
  readonly controlTlsPort: number | undefined;
  readonly controlBindAddress: string;
  readonly requestHandlers: readonly RequestHandlerConfig[];
  /** The folder in which it writes its calls down. */
  readonly journalDir: string;
  readonly wsPort: number;
  readonly secret: string;
}
export interface EdgeReady {
  readonly controlPort: number;
  readonly wsPort: number;
}

export interface MediaStart extends CommonStart {
  readonly name: string;
  /** Of the other media processes on this machine. */
  readonly others: readonly string[];
  readonly rtpPorts: { readonly first: number; readonly last: number };
  /** The browsers' one UDP and TCP port; any free one when absent. */
  readonly webRtcPort: number | undefined;
  readonly socketPath: string;
  readonly secret: string;
  readonly soundsDir: string;
  /** The center's own sounds. */
  readonly ownSoundsDir?: string;
  /** How texts are said; not at all when absent. */
  readonly speech?: SpeechSettings & { readonly cacheDir: string };
  readonly streamAwayAlarmMs: number;
  readonly recordingsDir: string;
  /** No recording is begun on a disk that is fuller. */
  readonly diskLimitPercent: number;
  readonly mediasoupWorkerBin: string | undefined;
}
export interface MediaReady {
  /** Process ids of the mediasoup workers, for those who watch them. */
  readonly workerPids: readonly number[];
}

/** The media processes as the app reaches them. */
export interface AppMedia {
  /** The same at each start, and known to nobody else: by it the app claims what its last life left open. */
  readonly appId: string;
  /** Of those on this machine. */
  readonly secret: string;
  readonly local: readonly { readonly name: string; readonly socketPath: string }[];
  readonly hosts: readonly MediaHostConfig[];
  /** For those on other machines. */
  readonly tls: MediaTlsFiles | undefined;
}

export interface AppStart extends CommonStart {
  readonly httpPort: number;
  readonly sipPort: number;
  readonly home: string;
  readonly webRoot: string;
  readonly recordingsDir: string;
  readonly recordings: RecordingsConfig;
  readonly soundsDir: string;
  readonly ownSoundsDir: string;
  readonly storeUri: string;
  readonly sessionHours: number;
  readonly turn: TurnConfig;
  readonly detect: Detect;
  readonly agentsSeeSupervision: boolean;
  readonly alarms: {
    readonly voiceAnswerS: number;
    readonly notReadyMinutes: Readonly<Record<string, number>>;
  };
  readonly webhooks: { readonly networks: readonly string[] };
  readonly digestAlgorithms: readonly DigestAlgorithm[];
  readonly version: string;
  readonly drachtio: { readonly host: string; readonly port: number; readonly secret: string };
  /** Where the SIP server takes SIP over WebSocket. */
  readonly sipWebSocket: { readonly host: string; readonly port: number };
  readonly media: AppMedia;
  readonly trunks: readonly TrunkConfig[];
  readonly protection: ProtectionConfig;
  readonly routes: readonly RouteConfig[];
  readonly codecs: CodecPolicy;
  readonly numbering: NumberSettings;
  readonly tones: { readonly failureMs: number };
  readonly identity: IdentitySettings;
  readonly bootstrapPassword: string | undefined;
  /** The keys for secrets in the database. */
  readonly secretKeys: SecretKeySource;
}

export interface SampleAccount {
  readonly userName: string;
  readonly password: string;
  readonly role: string;
}

export interface AppReady {
  readonly httpPort: number;
  /** Numbers that callers can dial. */
  readonly numbers: readonly string[];
}

/** Each role's start and ready messages. */
export interface Roles {
  store: { start: StoreStart; ready: StoreReady };
  edge: { start: EdgeStart; ready: EdgeReady };
  media: { start: MediaStart; ready: MediaReady };
  app: { start: AppStart; ready: AppReady };
}
export type Role = keyof Roles;

export type ToChild<Name extends Role> =
  { readonly type: 'start'; readonly config: Roles[Name]['start'] } | { readonly type: 'stop' };
export type FromChild<Name extends Role> =
  /** Accounts were made. Sent at once: their passwords must be shown even when the start fails afterwards. */
  | { readonly type: 'accounts'; readonly accounts: readonly SampleAccount[] }
  | { readonly type: 'ready'; readonly info: Roles[Name]['ready'] }
  /** It cannot start; one sentence says why. */
  | { readonly type: 'refused'; readonly reason: string };
