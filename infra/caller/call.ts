/** `npm run call -- 4000`: the entry. */
import { join, resolve } from 'node:path';
import { systemClock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import { parseCommandLine, USAGE } from './command-line';
import { runCall } from './run-call';

/** npm runs commands in the package's folder; files are meant relative to where the person is. */
const HOME = process.env.INIT_CWD ?? process.cwd();
/** The bundle lies in dist, one folder below the root. */
const SAMPLE_SPEECH = join(__dirname, '../infra/sounds/speech-sample.wav');

const inHome = (path: string | undefined): string | undefined => (path === undefined ? undefined : resolve(HOME, path));

const main = async (args: readonly string[]): Promise<number> => {
  if (args.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const command = parseCommandLine(args);
  if (!command.ok) {
    process.stderr.write(`${command.fault.message}\n\n${USAGE}`);
    return 2;
  }
  return runCall({
    command: { ...command.value, file: inHome(command.value.file), save: inHome(command.value.save) },
    sampleSpeech: SAMPLE_SPEECH,
    clock: systemClock,
    say: (line) => void process.stdout.write(`${line}\n`),
    onInterrupt(handler) {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, handler);
    },
  });
};

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  },
);
