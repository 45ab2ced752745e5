/** An app's way to media processes, in a process of its own that a test may kill: does what it is told line by line. */
import { createInterface } from 'node:readline';
import { systemClock as clock } from '../../base/clock';
import { silentLogger } from '../../base/log';
import { MediaClient } from '../../media/client';
import { MediaPool } from '../../media/pool/pool';

const log = silentLogger();
const [appId = '', life = '', ...sockets] = process.argv.slice(2);
const names = sockets.filter((_, at) => at % 2 === 0);

const processes = names.map((name, index) => ({
  name,
  port: new MediaClient({
    address: { socketPath: sockets[2 * index + 1] ?? '' },
    secret: 'for this test',
    app: { id: appId, life },
    clock,
    log,
  }),
}));
const pool = new MediaPool({ processes, clock, log });
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const methods = pool as unknown as Record<string, (...params: unknown[]) => unknown>;

pool.onEvent((event) => say({ event }));
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line) as { id: number; method: string; params: unknown[] };
  void Promise.resolve(methods[method]?.apply(pool, params)).then((result) => say({ id, result }));
});
void Promise.all(processes.map(({ port }) => port.whenReady())).then(() => say({ ready: true }));
