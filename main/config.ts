/**
 * The configuration: `switchroom.config.yaml` plus the environment, parsed once, with defaults filled in and
 * contradictions refused. This is the only file that reads the environment.
 */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { DETECT } from '../base/detect';
import { messageOf } from '../base/errors';
import { LOG_LEVELS } from '../base/log';
import { fail, ok } from '../base/result';
import { contradictionOfMedia, mediaSchema, webRtcPortsOf } from './config/media';
import { networkSchema, protectionSchema } from './protection-config';
import type { Result } from '../base/result';
import { CHOSEN_NOT_READY_REASONS } from '../api/contract/common';
import { codecListSchema, identitySchema, numberingSchema } from '../api/contract/trunks';
import { contradictionOfRecordings, recordingsSchema } from './config/recordings';
import { contradictionOfSpeech, speechSchema } from './config/speech';
import { contradictionOfTrunks, DEFAULT_TRUNKS, routeSchema, trunkSchema } from './config/trunks';

const port = z.coerce.number('must be a number').int('must be a whole number').min(1).max(65_535);
const address = z.string().refine((text) => isIP(text) !== 0, 'must be an IP address');

const portRange = z
  .string()
  .regex(/^\d{1,5}-\d{1,5}$/, 'must be a range of ports like 20000-20999')
  .transform((text) => {
    const [first, last] = text.split('-').map(Number) as [number, number];
    return { first, last };
  });

const requestHandlerSchema = z.strictObject({
  /** A SIP method, or * for all that have no handler of their own. */
  method: z
    .string()
    .regex(/^(\*|[A-Za-z]{3,16})$/, 'must be a SIP method or *')
    .default('*'),
  url: z
    .string()
    .refine(
      (text) => /^(https?|tcp|tls):\/\/\S+$/.test(text) && URL.canParse(text),
      'must begin with http://, https://, tcp:// or tls:// and name a host',
    ),
  httpMethod: z.enum(['GET', 'POST']).default('GET'),
  /** Whether the certificate at an https or tls address must be valid. */
  verifyPeer: z.boolean().default(true),
});

export const fileSchema = z.strictObject({
  bindAddress: address.default('127.0.0.1'),
  /** Told to peers as our address, where it differs from bindAddress (behind NAT). */
  publicAddress: address.optional(),
  httpPort: port.default(8080),
  sipPort: port.default(5060),
  rtpPorts: portRange.default({ first: 20_000, last: 20_999 }),
  /** The browsers' UDP and TCP port of the first media process, the next of the second, and so on; any free ones when
   * absent. Firewalls want them fixed. */
  webRtcPort: port.optional(),
  /** How many processes carry sound, and where. */
  media: mediaSchema.prefault({}),
  home: z.string().min(1).default('./data'),
  logLevel: z.enum(LOG_LEVELS).default('info'),
  trunks: z.array(trunkSchema).prefault(DEFAULT_TRUNKS),
  /** Which trunks carry which numbers; without any the first trunk that has a proxy carries all. */
  routes: z.array(routeSchema).default([]),
  /** How people here dial: what makes their numbers, and those of trunks that say nothing else, E.164. */
  numbering: numberingSchema.prefault({}),
  /** Relays for browsers that cannot reach us directly (RFC 8656), as coturn runs them with `use-auth-secret`. */
  turn: z
    .strictObject({
      urls: z.preprocess(
        (value) => (typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : value),
        z
          .array(
            z.string().regex(/^turns?:[^\s,?]+(\?transport=(udp|tcp))?$/, 'must be like turn:turn.example.org:3478'),
          )
          .max(8)
          .default([]),
      ),
      /** The same as coturn's static-auth-secret. */
      secret: z.string().min(8, 'must have 8 characters at least').max(200).optional(),
      /** How long credentials are good for. */
      lifetimeS: z.number().int().min(60).max(86_400).default(3_600),
      /** Browsers use nothing but the relay. */
      relayOnly: z.boolean().default(false),
    })
    .prefault({}),
  /** Who signs and verifies callers' identities. */
  identity: identitySchema.prefault({}),
  mongodb: z
    .strictObject({
      uri: z
        .string()
        .regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb://')
        .optional(),
    })
    .prefault({}),
  drachtio: z
    .strictObject({
      host: z.string().optional(),
      port: port.default(9022),
      secret: z.string().min(1).optional(),
      /** Where that server takes SIP over WebSocket; the browsers reach it through our HTTP port. */
      webSocketPort: port.default(5065),
    })
    .prefault({}),
  /** The embedded SIP server's doors for further applications on drachtio-srf, and how it chooses among them. */
  edge: z
    .strictObject({
      /** Where they connect; any free one when absent. */
      controlPort: port.optional(),
      /** The same by TLS; needs a certificate. */
      controlTlsPort: port.optional(),
      controlBindAddress: address.default('127.0.0.1'),
      /** What they must know; a random one at each start when absent. */
      secret: z
        .string()
        .regex(/^[^|\s]{8,200}$/, 'must be 8 to 200 characters without blanks and |')
        .optional(),
      /** Who is asked which application takes a request; without one for its method they take turns. */
      requestHandlers: z.array(requestHandlerSchema).default([]),
    })
    .prefault({}),
  /** Strangers, floods and traces. */
  protection: protectionSchema.prefault({}),
  /** SIP over TLS and secure WebSocket, with certificates from PEM files; none of it without them. */
  tls: z
    .strictObject({
      certificate: z.string().min(1).optional(),
      key: z.string().min(1).optional(),
      /** The authorities of peers' certificates; the system's when absent. */
      ca: z.string().min(1).optional(),
      /** Whether peers that connect must show a certificate of those authorities. */
      requirePeerCertificate: z.boolean().default(false),
      sipPort: port.default(5061),
      webSocketPort: port.optional(),
    })
    .prefault({}),
  /** Call progress tones; their country is that of `numbering`, or of the trunk's own `numbers`. */
  tones: z
    .strictObject({
      /** How long somebody who has been answered hears why nobody was reached. */
      failureMs: z.number().int().min(0).max(60_000).default(4_000),
    })
    .prefault({}),
  /** Music on hold from servers that stream it. */
  music: z
    .strictObject({
      /** How long a stream may be away, while callers would hear it, before an alarm tells of it. */
      streamAwayAlarmS: z.number().int().min(5).max(86_400).default(60),
    })
    .prefault({}),
  /** When somebody is told that something is not as it should be. */
  alarms: z
    .strictObject({
      /** How long a caller may wait for the first voice; 0 for no alarm. */
      voiceAnswerS: z.number().int().min(0).max(600).default(20),
      /** For how many minutes an agent may be not ready, by reason; without end where it is not said. */
      notReadyMinutes: z
        .partialRecord(z.enum(CHOSEN_NOT_READY_REASONS), z.number().min(1).max(1_440))
        .default({ break: 15, lunch: 60 }),
    })
    .prefault({}),
  /** Events that are sent to other systems by HTTP. */
  webhooks: z
    .strictObject({
      /** The only networks that they may go to; all but this machine and its link without any. */
      networks: z.array(networkSchema).default([]),
    })
    .prefault({}),
  /** How texts are said. */
  speech: speechSchema.prefault({}),
  /** What SIP phones are offered to prove their password with, the preferred first; browsers are offered MD5. */
  digestAlgorithms: z
    .array(z.enum(['MD5', 'SHA-256']))
    .min(1)
    .default(['MD5']),
  sessionHours: z.number().min(1).max(48).default(12),
  /** Whether agents are told, and see in the history, that a supervisor is with their call. */
  agentsSeeSupervision: z.boolean().default(false),
  /** What is listened for while agents talk with somebody through a trunk that has no word of its own about it. */
  detect: z.enum(DETECT).default('nothing'),
  /** With the keys by which secrets in the database are encrypted; made in the data folder when absent. */
  secretsKeyFile: z.string().min(1).optional(),
  /** What browsers and SIP phones are offered and may offer, most wanted first; trunks have lists of their own. */
  codecs: z
    .strictObject({
      browsers: codecListSchema.default(['PCMA', 'PCMU']),
      phones: codecListSchema.default(['PCMA', 'PCMU']),
    })
    .prefault({}),
  /** How recordings are kept, where, and for how long. */
  recordings: recordingsSchema.prefault({}),
});

export type RequestHandlerConfig = z.infer<typeof requestHandlerSchema>;
export type Config = Omit<z.infer<typeof fileSchema>, 'home'> & {
  /** Absolute. */
  readonly home: string;
  /** For all sample accounts; otherwise each gets a random one. */
  readonly bootstrapPassword: string | undefined;
  readonly mediasoupWorkerBin: string | undefined;
  /** The keys themselves, in the place of `secretsKeyFile`. */
  readonly secretKeys: string | undefined;
};

/** Environment variable → the key of the file that it overrides. */
export const OVERRIDES: Readonly<Record<string, readonly string[]>> = {
  BIND_ADDRESS: ['bindAddress'],
  PUBLIC_ADDRESS: ['publicAddress'],
  HTTP_PORT: ['httpPort'],
  SIP_PORT: ['sipPort'],
  RTP_PORTS: ['rtpPorts'],
  WEBRTC_PORT: ['webRtcPort'],
  MEDIA_PROCESSES: ['media', 'processes'],
  SWITCHROOM_HOME: ['home'],
  LOG_LEVEL: ['logLevel'],
  MONGODB_URI: ['mongodb', 'uri'],
  DRACHTIO_HOST: ['drachtio', 'host'],
  DRACHTIO_PORT: ['drachtio', 'port'],
  DRACHTIO_SECRET: ['drachtio', 'secret'],
  SECRETS_KEY_FILE: ['secretsKeyFile'],
  TURN_URLS: ['turn', 'urls'],
  TURN_SECRET: ['turn', 'secret'],
  RECORDINGS_S3_ACCESS_KEY: ['recordings', 's3AccessKey'],
  RECORDINGS_S3_SECRET_KEY: ['recordings', 's3SecretKey'],
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the file (`SWITCHROOM_CONFIG`, by default `switchroom.config.yaml` in the working directory, if it exists). */
export const loadConfig = (env: Environment = process.env): Result<Config> => {
  const path = env.SWITCHROOM_CONFIG ?? 'switchroom.config.yaml';
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!missing || env.SWITCHROOM_CONFIG !== undefined) {
      return fail('bad_input', `The configuration ${path} cannot be read: ${messageOf(error)}`);
    }
  }
  return parseConfig({ path, text, env });
};

/**
 * Puts a copy in the place of the environment, each read of which asks the system and takes seven times as long.
 * drachtio-srf reads a variable for each header field.
 */
export const copyEnvironment = (): void => {
  process.env = { ...process.env };
};

/** @returns the frozen configuration, or one sentence that names the key and what is wrong with it. */
export const parseConfig = (source: { path: string; text: string; env: Environment }): Result<Config> => {
  let file: unknown;
  try {
    file = parseYaml(source.text) ?? {};
  } catch (error) {
    return fail('bad_input', `${source.path} is not valid YAML: ${messageOf(error).split('\n')[0]}`);
  }
  if (typeof file !== 'object' || file === null || Array.isArray(file)) {
    return fail('bad_input', `${source.path} must hold keys and values, such as "httpPort: 8080".`);
  }
  const { merged, origins } = applyEnvironment(file as Record<string, unknown>, source.env);
  const parsed = fileSchema.safeParse(merged);
  if (!parsed.success) return fail('bad_input', describe(parsed.error, { path: source.path, origins }));
  const contradiction = findContradiction(parsed.data);
  if (contradiction !== undefined) return fail('bad_input', contradiction);
  return ok(
    Object.freeze({
      ...parsed.data,
      home: resolve(parsed.data.home),
      bootstrapPassword: source.env.SWITCHROOM_BOOTSTRAP_PASSWORD || undefined,
      mediasoupWorkerBin: source.env.MEDIASOUP_WORKER_BIN || undefined,
      secretKeys: source.env.SECRETS_KEYS || undefined,
    }),
  );
};

const applyEnvironment = (
  file: Record<string, unknown>,
  env: Environment,
): { merged: Record<string, unknown>; origins: Map<string, string> } => {
  const merged = structuredClone(file);
  const origins = new Map<string, string>();
  for (const [name, keys] of Object.entries(OVERRIDES)) {
    const value = env[name];
    if (value === undefined || value === '') continue;
    const [first, second] = keys as [string, string?];
    if (second === undefined) merged[first] = value;
    else merged[first] = { ...(merged[first] as object | undefined), [second]: value };
    origins.set(keys.join('.'), name);
  }
  return { merged, origins };
};

const describe = (error: z.ZodError, source: { path: string; origins: Map<string, string> }): string => {
  const issue = error.issues[0];
  if (!issue) return `${source.path} is not valid.`;
  if (issue.code === 'unrecognized_keys') {
    const where = issue.path.length > 0 ? ` below ${issue.path.join('.')}` : '';
    return `${source.path} has an unknown key "${issue.keys.join('", "')}"${where}.`;
  }
  const key = issue.path.join('.');
  // A variable may hold a list, one entry of which is wrong.
  const variable = issue.path
    .map((_part, index) => source.origins.get(issue.path.slice(0, index + 1).join('.')))
    .find(Boolean);
  const name = variable === undefined ? `${source.path}: ${key}` : `The environment variable ${variable}`;
  return `${name} is not usable: ${issue.message}.`;
};

const findContradiction = (config: z.infer<typeof fileSchema>): string | undefined =>
  contradictionOfPorts(config) ??
  contradictionOfMedia(config) ??
  contradictionOfAddresses(config) ??
  contradictionOfPeers(config) ??
  contradictionOfTrunks(config) ??
  contradictionOfRecordings(config.recordings) ??
  contradictionOfSpeech(config);

const contradictionOfPorts = (config: z.infer<typeof fileSchema>): string | undefined => {
  const { rtpPorts, httpPort, sipPort, tls, edge } = config;
  const edgePorts = { 'edge.controlPort': edge.controlPort, 'edge.controlTlsPort': edge.controlTlsPort };
  const tlsPorts =
    tls.certificate === undefined ? {} : { 'tls.sipPort': tls.sipPort, 'tls.webSocketPort': tls.webSocketPort };
  const { first, last } = rtpPorts;
  if (first < 1024 || last < first + 3 || last > 65_535) {
    return `rtpPorts ${first}-${last} must be a rising range of at least four ports from 1024 to 65535.`;
  }
  const named = Object.entries({ httpPort, sipPort, ...webRtcPortsOf(config), ...tlsPorts, ...edgePorts }).filter(
    (entry): entry is [string, number] => entry[1] !== undefined,
  );
  for (const [index, [name, value]] of named.entries()) {
    const same = named.slice(0, index).find(([, other]) => other === value);
    if (same) return `${same[0]} and ${name} are both ${value}; each needs a port of its own.`;
    if (value >= first && value <= last) {
      return `${name} ${value} lies within rtpPorts ${first}-${last}; choose one outside of it.`;
    }
  }
  return undefined;
};

const UNSPECIFIED = ['0.0.0.0', '::'];
const LOOPBACK = /^(127\.|::1$)/;

const contradictionOfAddresses = ({ bindAddress, publicAddress }: z.infer<typeof fileSchema>): string | undefined => {
  if (publicAddress === undefined) return undefined;
  if (UNSPECIFIED.includes(publicAddress)) {
    return `publicAddress ${publicAddress} is no address that others could reach; name one, such as 203.0.113.5.`;
  }
  if (LOOPBACK.test(bindAddress) && !LOOPBACK.test(publicAddress)) {
    return `publicAddress ${publicAddress} is set, but bindAddress ${bindAddress} listens on this machine only; set BIND_ADDRESS as well.`;
  }
  return undefined;
};

const contradictionOfPeers = ({ drachtio, tls, edge, turn }: z.infer<typeof fileSchema>): string | undefined => {
  if (turn.urls.length > 0 && turn.secret === undefined) {
    return 'turn.urls names TURN servers, but turn.secret is missing; it is the static-auth-secret of coturn.';
  }
  if (turn.urls.length === 0 && turn.relayOnly) return 'turn.relayOnly is set, but turn.urls names no TURN server.';
  if (drachtio.host !== undefined && drachtio.secret === undefined) {
    return 'DRACHTIO_HOST is set without DRACHTIO_SECRET; the server asks for its secret.';
  }
  const { certificate, key } = tls;
  if ((certificate === undefined) !== (key === undefined)) {
    return 'tls.certificate and tls.key belong together; give both or neither.';
  }
  if (certificate === undefined && edge.controlTlsPort !== undefined) {
    return 'edge.controlTlsPort is set, for which tls.certificate and tls.key are needed.';
  }
  const methods = edge.requestHandlers.map(({ method }) => method.toUpperCase());
  const repeated = methods.find((method, index) => methods.indexOf(method) !== index);
  return repeated === undefined ? undefined : `edge.requestHandlers: there are two for the method "${repeated}".`;
};
