/** The embedded store: MongoDB's wire protocol on a loopback port, its data in a folder. */
import { mkdirSync, realpathSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Clock } from '../../base/clock';
import { SwitchroomError, messageOf } from '../../base/errors';
import type { Logger } from '../../base/log';
import { Connection } from './connection';
import { Engine } from './engine/engine';
import { takeFolder } from './engine/folder-lock';
import { TtlSweeper } from './engine/ttl';

export interface EmbeddedStoreOptions {
  /** Created when it does not exist. */
  dataDir: string;
  /** A loopback address: there is no authentication. */
  host: string;
  /** 0: any free port. */
  port: number;
  clock: Clock;
  log: Logger;
}

export interface EmbeddedStore {
  port: number;
  /** What the mongodb driver connects to. */
  uri: string;
  /** Answers the requests under way, flushes and releases the folder; idempotent. */
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 1000;

const openEngine = ({ dataDir, clock, log }: EmbeddedStoreOptions): Engine => {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return new Engine({ dataDir: realpathSync(dataDir), clock, log });
  } catch (error) {
    throw new SwitchroomError('unavailable', `The data folder ${dataDir} cannot be opened: ${messageOf(error)}.`, {
      cause: error,
    });
  }
};

const listen = (server: Server, { host, port }: EmbeddedStoreOptions): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        new SwitchroomError('unavailable', `The store cannot listen on ${host}:${port}: ${error.message}.`, {
          cause: error,
        }),
      );
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });

/**
 * Starts the store.
 * @throws SwitchroomError when the folder is held by another process or cannot be opened, the address is not loopback,
 * or the port is taken.
 */
export const startEmbeddedStore = async (options: EmbeddedStoreOptions): Promise<EmbeddedStore> => {
  const { dataDir, host, clock, log } = options;
  if (!/^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host)) {
    throw new SwitchroomError(
      'bad_input',
      `The embedded store has no authentication and listens on loopback only, not on ${host}.`,
    );
  }
  const engine = openEngine(options);
  let release: (() => void) | undefined;
  const connections = new Map<Socket, Connection>();
  const server = createServer();
  server.maxConnections = MAX_CONNECTIONS;
  server.on('drop', () => log.warn({ maxConnections: MAX_CONNECTIONS }, 'a store connection was refused: too many'));
  try {
    release = takeFolder(engine.storage, dataDir);
    let connectionIds = 0;
    server.on('connection', (socket) => {
      connectionIds += 1;
      connections.set(socket, new Connection({ socket, connectionId: connectionIds, engine, log }));
      socket.on('close', () => void connections.delete(socket));
    });
    const port = await listen(server, options);
    const ttl = new TtlSweeper({ engine, clock, log });
    const close = async (): Promise<void> => {
      server.close();
      await ttl.close();
      await Promise.all([...connections.values()].map((connection) => connection.close()));
      await engine.storage.flush();
      release?.();
      await engine.close();
    };
    let closing: Promise<void> | undefined;
    const address = host.includes(':') ? `[${host}]` : host;
    return { port, uri: `mongodb://${address}:${port}/?directConnection=true`, close: () => (closing ??= close()) };
  } catch (error) {
    release?.();
    await engine.close();
    throw error;
  }
};
