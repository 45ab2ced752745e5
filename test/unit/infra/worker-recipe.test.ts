import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { prepareSource } from '../../../infra/mediasoup-worker/recipe/recipe.mjs';
import { useTempFolder } from './temp-folder';

describe("the media worker's recipe", () => {
  const folder = useTempFolder();
  const target = (): string => join(folder.path, 'source');
  const read = (name: string): string => readFileSync(join(target(), name), 'utf8');

  test('fits the mediasoup that is installed', () => {
    const workerSource = resolve(__dirname, '../../../node_modules/mediasoup/worker');
    prepareSource({ workerSource, target: target() });
    expect(read('meson.build')).not.toMatch(/link_whole: link_whole/);
    expect(read('src/RTC/DtlsTransport.cpp')).toContain('(operationType & BIO_CB_RETURN) != 0');

    // Whatever the build asks for as a subproject must be a stub, or meson would download it.
    const asked = [...read('meson.build').matchAll(/subproject\(\s*'([^']+)'/g)].map(([, name]) => name);
    const leftOut = ['liburing', 'wingetopt'];
    const stubbed = asked.filter((name) => {
      const directory = /^directory *= *(\S+)/m.exec(read(`subprojects/${name}.wrap`))?.[1] ?? '';
      return readdirSync(join(target(), 'subprojects')).includes(directory);
    });
    expect([...new Set(asked)].sort()).toEqual([...new Set([...stubbed, ...leftOut])].sort());
  });

  test('refuses a source that it was not written for, by name', () => {
    folder.write('worker/meson.build', "project('mediasoup-worker')\n");
    const workerSource = join(folder.path, 'worker');
    expect(() => prepareSource({ workerSource, target: target() })).toThrow(/meson\.build .* needs a new recipe/);
  });
});
