/** What drivers ask of any server before and beside the work. */
import { hostname, totalmem, type as osType } from 'node:os';
import { notImplemented } from '../errors';
import { MAX_DOCUMENT_BYTES } from '../values/codec';
import { MAX_MESSAGE_BYTES } from '../wire/message';
import type { Command } from './command';

/** Wire version 21 is MongoDB 7.0's. */
const MAX_WIRE_VERSION = 21;
const VERSION = '7.0.0';
export const MAX_WRITE_BATCH = 100_000;

const hello: Command = (args, { engine, connectionId }) => {
  args.ignore(
    args.name,
    'client',
    'compression',
    'hostInfo',
    'helloOk',
    'topologyVersion',
    'maxAwaitTimeMS',
    'loadBalanced',
    'saslSupportedMechs',
    'backpressure',
  );
  args.refuse('speculativeAuthenticate');
  return {
    helloOk: true,
    ismaster: true,
    isWritablePrimary: true,
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    maxWriteBatchSize: MAX_WRITE_BATCH,
    localTime: new Date(engine.clock.nowMs()),
    logicalSessionTimeoutMinutes: 30,
    connectionId,
    minWireVersion: 0,
    maxWireVersion: MAX_WIRE_VERSION,
    readOnly: false,
  };
};

const ping: Command = (args) => {
  args.ignore(args.name);
  return {};
};

const buildInfo: Command = (args) => {
  args.ignore(args.name);
  return {
    version: VERSION,
    versionArray: [7, 0, 0, 0],
    gitVersion: 'switchroom',
    modules: ['switchroom-embedded-store'],
    bits: 64,
    debug: false,
    maxBsonObjectSize: MAX_DOCUMENT_BYTES,
    storageEngines: ['lmdb'],
  };
};

const hostInfo: Command = (args, { engine }) => {
  args.ignore(args.name);
  return {
    system: {
      currentTime: new Date(engine.clock.nowMs()),
      hostname: hostname(),
      memSizeMB: Math.floor(totalmem() / 2 ** 20),
    },
    os: { type: osType() },
  };
};

const getParameter: Command = (args) => {
  args.ignore(args.name);
  if (args.flag('featureCompatibilityVersion')) return { featureCompatibilityVersion: { version: '7.0' } };
  throw notImplemented('getParameter for anything but featureCompatibilityVersion');
};

/** Sessions hold nothing here: there are no transactions. */
const endSessions: Command = (args) => {
  args.ignore(args.name);
  return {};
};

export const HANDSHAKE_COMMANDS: Record<string, Command> = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping,
  buildInfo,
  buildinfo: buildInfo,
  hostInfo,
  getParameter,
  endSessions,
};
