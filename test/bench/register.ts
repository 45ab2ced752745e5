/**
 * `npm run bench -- register [--users 10000] [--json]`: phones that register with digest, all at once, by the edge and
 * the product's registrar, which share one core; SIPp has another. docs/benchmarks.md says more.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort } from '../support/free-port';
import { rounded } from './support/percentiles';
import { printResult } from './support/report';
import { twoCores } from './support/cores';
import { HOW_MANY, passwordOf, REGISTRAR_ROLE, runRegistrarApp, userName } from './support/sip/registrar-app';
import { SippRun } from './support/sip/sipp';
import { SystemUnderTest } from './support/sip/system-under-test';
import { whereItRuns } from './support/where';

/** So many phones have a request under way at the same time. */
const AT_ONCE = 200;
/** Far more than can be served: what is under way is the limit. */
const STARTS_PER_SECOND = 5_000;
const TIMEOUT_S = 50;

const say = (line: string): void => console.error(line);

const run = async (): Promise<void> => {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, users: { type: 'string', default: '10000' } },
  });
  const users = Number(values.users);
  const where = whereItRuns();
  const folder = mkdtempSync(join(tmpdir(), 'bench-register-'));
  const accounts = Array.from({ length: users }, (_, index) => userName(index));
  const credentials = (user: string): string => `[authentication username=${user} password=${passwordOf(user)}]`;
  const lines = accounts.map((user) => `${user};${credentials(user)}`);
  writeFileSync(join(folder, 'accounts.csv'), ['SEQUENTIAL', ...lines, ''].join('\n'));
  const app = { role: REGISTRAR_ROLE, config: { users } };
  const system = await SystemUnderTest.start({ core: twoCores()?.measured, app });
  try {
    const figures = await register(system, { folder, users });
    printResult({ bench: 'register', ...figures, ...where }, values.json);
    if (figures.lost > 0) process.exitCode = 1;
  } finally {
    await system.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

interface Figures {
  readonly registrations: number;
  readonly seconds: number;
  readonly per_s: number;
  readonly lost: number;
  readonly retransmissions: number;
  readonly cpu_ms_per_registration: Readonly<Record<string, number>>;
}

const register = async (
  system: SystemUnderTest,
  { folder, users }: { readonly folder: string; readonly users: number },
): Promise<Figures> => {
  const before = system.cpuMs();
  const startedMs = performance.now();
  const phones = new SippRun({
    ...{ scenario: 'phone', name: 'phones', folder, core: twoCores()?.load, port: await freePort() },
    args: [
      ...['-inf', join(folder, 'accounts.csv'), '-m', String(users), '-l', String(AT_ONCE)],
      ...['-r', String(STARTS_PER_SECOND), '-timeout', String(TIMEOUT_S)],
      `${system.sip.host}:${system.sip.port}`,
    ],
  });
  await phones.watch(({ successful, failed }) => {
    say(`${successful} of ${users} registered, ${failed} failed`);
    return failed < 100;
  });
  const seconds = (performance.now() - startedMs) / 1_000;
  const after = system.cpuMs();
  const registered = Number(await system.app.ask(HOW_MANY));
  const { retransmissions, successful } = phones.counts();
  if (successful < users) say(phones.complaint());
  const edge = rounded((after.edge - before.edge) / users, 3);
  const app = rounded((after.app - before.app) / users, 3);
  return {
    registrations: registered,
    seconds: rounded(seconds, 1),
    per_s: Math.round(registered / seconds),
    lost: users - Math.min(registered, successful),
    retransmissions,
    cpu_ms_per_registration: { edge, app, total: rounded(edge + app, 3) },
  };
};

if (process.argv[2] === REGISTRAR_ROLE) runRegistrarApp();
else {
  run().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
