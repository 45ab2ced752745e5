/** `npm start`: reads the configuration, starts all processes, says where everything is, and stops on Ctrl-C. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { systemClock } from './base/clock';
import { messageOf } from './base/errors';
import { createLogger } from './base/log';
import { loadConfig } from './main/config';
import type { SampleAccount } from './main/child-messages';
import { checkPorts } from './main/port-check';
import { accountLines, readyBlock } from './main/ready-block';
import { Supervisor } from './main/supervisor';
import { refuse, say } from './main/terminal';

const main = async (): Promise<void> => {
  const loaded = loadConfig();
  if (!loaded.ok) return refuse(loaded.fault.message);
  const config = loaded.value;
  // The bundle lies in dist, one folder below the root.
  const rootDir = resolve(__dirname, '..');
  const { version } = JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8')) as { version: string };
  const accounts: SampleAccount[] = [];
  const supervisor = new Supervisor({
    config,
    clock: systemClock,
    log: createLogger('main', config.logLevel),
    distDir: __dirname,
    rootDir,
    version,
    progress: (name) => say(`starting ${name} …`),
    onAccounts: (made) => void accounts.push(...made),
  });

  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      say('\nstopping: calls are ended first …');
      await supervisor.stop();
      say('stopped');
    })();
    return stopping;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());

  try {
    await checkPorts(config);
    const ready = await supervisor.start();
    say(readyBlock(config, ready, accounts));
  } catch (error) {
    if (stopping) return;
    process.stderr.write(`switchroom: ${messageOf(error)}\n`);
    for (const line of accountLines(accounts)) say(line);
    await supervisor.stop();
    process.exitCode = 1;
  }
};

void main();
