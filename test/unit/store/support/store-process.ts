/** Starts the embedded store in a child process, so that it can be killed like a crash kills it. */
import { buildSync } from 'esbuild';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(__dirname, '../../../..');

/** @returns the path of the compiled program. */
export const buildServerProgram = (): string => {
  const folder = join(ROOT, '.cache', 'test-store');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `server-${process.pid}.cjs`);
  buildSync({
    entryPoints: [join(__dirname, 'server-program.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['lmdb', 'pino'],
    outfile,
  });
  return outfile;
};

export interface StoreProcess {
  child: ChildProcess;
  /** `port N` or `error …`. */
  firstLine: string;
  exited: Promise<void>;
}

export const startStoreProcess = async (program: string, dataDir: string): Promise<StoreProcess> => {
  const child = spawn(process.execPath, [program, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  const firstLine = await new Promise<string>((resolve) => {
    createInterface({ input: child.stdout })
      .once('line', resolve)
      .once('close', () => resolve('closed without a line'));
  });
  return { child, firstLine, exited };
};

export const uriOf = ({ firstLine }: StoreProcess): string => {
  const port = /^port (\d+)$/.exec(firstLine)?.[1];
  if (port === undefined) throw new Error(firstLine);
  return `mongodb://127.0.0.1:${port}/?directConnection=true`;
};
