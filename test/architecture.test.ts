import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';
import { ROOMS, forbiddenRooms } from '../infra/lint/rooms.mjs';
import packageJson from '../package.json';

const ROOT = resolve(__dirname, '..');
const MOST_LINES = 500;
const REQUIRED = ['package.json', 'tsconfig.json', 'signaling', 'media', 'acd', 'agent-web', 'test', 'infra'];
const NOT_OURS = new Set(['node_modules', 'dist', 'data', '.cache', '.git', 'coverage']);

interface Import {
  readonly file: string;
  readonly room: string;
  /** As written. */
  readonly specifier: string;
  /** From the repository's root, for imports of our own files. */
  readonly target: string | undefined;
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });

/** The room of a path from the repository's root; main.ts belongs to main. */
const roomOf = (path: string): string => (path.split(sep)[0] ?? '').replace(/\.ts$/, '');

/** Every import, export-from, dynamic import and require of a file. */
const importsOf = (path: string): Import[] =>
  ts.preProcessFile(readFileSync(path, 'utf8'), true, true).importedFiles.map(({ fileName: specifier }) => {
    const file = relative(ROOT, path);
    const target = specifier.startsWith('.') ? relative(ROOT, resolve(dirname(path), specifier)) : undefined;
    return { file, room: roomOf(file), specifier, target };
  });

const sources = filesBelow(ROOT).filter((path) => /\.(ts|tsx|mts|mjs)$/.test(path));
const imports = sources.flatMap(importsOf);
const describeImport = ({ file, specifier }: Import): string => `${file} imports ${specifier}`;

describe('architecture', () => {
  test('every room of the map and every required name is at the top level', () => {
    const names = [...REQUIRED, ...Object.keys(ROOMS).filter((room) => room !== 'main'), 'docs'];
    expect(names.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
  });

  test('every folder of sources at the top level is a room with a row in the table', () => {
    const folders = new Set(sources.map((path) => roomOf(relative(ROOT, path))));
    const configuration = ['eslint.config.mjs'];
    const known = [...Object.keys(ROOMS), 'test', ...configuration];
    expect([...folders].filter((folder) => !known.includes(folder))).toEqual([]);
  });

  test.each(Object.keys(ROOMS))('%s imports only the rooms that the table allows', (room) => {
    const forbidden: readonly string[] = forbiddenRooms(room);
    const wrong = imports.filter(
      (one) => one.room === room && one.target !== undefined && forbidden.includes(roomOf(one.target)),
    );
    expect(wrong.map(describeImport)).toEqual([]);
  });

  test('nothing but main and its tests imports main', () => {
    const outsiders = imports.filter(({ room }) => room !== 'main' && room !== 'test');
    const wrong = outsiders.filter(({ target }) => target !== undefined && roomOf(target) === 'main');
    expect(wrong.map(describeImport)).toEqual([]);
  });

  test('the browser takes nothing from api but its contract, and nothing from Node', () => {
    const wrong = imports.filter(({ file, room, specifier, target }) => {
      if (room !== 'agent-web' || /^agent-web\/vite\.config\./.test(file)) return false;
      const otherApi = target !== undefined && roomOf(target) === 'api' && !target.startsWith(join('api', 'contract'));
      return otherApi || specifier.startsWith('node:') || builtinModules.includes(specifier);
    });
    expect(wrong.map(describeImport)).toEqual([]);
  });

  test('the server imports only packages that a production installation has', () => {
    const beside = ['agent-web', 'infra', 'test', 'eslint.config.mjs'];
    const installed = Object.keys(packageJson.dependencies);
    const wrong = imports.filter(({ room, specifier, target }) => {
      if (beside.includes(room) || target !== undefined || specifier.startsWith('node:')) return false;
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
      return !installed.includes(name);
    });
    expect(wrong.map(describeImport)).toEqual([]);
  });

  test(`no source file has more than ${MOST_LINES} lines`, () => {
    const linesOf = (path: string): number => readFileSync(path, 'utf8').split('\n').length - 1;
    const long = sources.filter((path) => statSync(path).size > MOST_LINES && linesOf(path) > MOST_LINES);
    expect(long.map((path) => `${relative(ROOT, path)}: ${linesOf(path)} lines`)).toEqual([]);
  });

  test('the scan sees imports: the table of rooms is imported by lint, by this test and by the documents’', () => {
    const importers = imports.filter(({ target }) => target === join('infra', 'lint', 'rooms.mjs'));
    expect(importers.map(({ file }) => file).sort()).toEqual([
      'eslint.config.mjs',
      join('test', 'architecture.test.ts'),
      join('test', 'unit', 'docs.test.ts'),
    ]);
  });
});
