import { cachedWorkerPath } from '../../../infra/setup/worker/cache.mjs';
import { prebuiltUrl } from '../../../infra/setup/worker/download.mjs';
import { workerSources } from '../../../infra/setup/worker/sources.mjs';

describe('where the media worker comes from', () => {
  const fresh = { given: undefined, cached: false, skipDownload: false, platform: 'linux' };

  test('a fresh machine downloads it, else builds it', () => {
    expect(workerSources(fresh)).toEqual(['downloaded', 'built']);
  });

  test('the second time it is in the cache', () => {
    expect(workerSources({ ...fresh, cached: true })).toEqual(['cached', 'downloaded', 'built']);
  });

  test('a binary that the user names is the only choice', () => {
    expect(workerSources({ ...fresh, given: '/opt/worker', cached: true })).toEqual(['given']);
  });

  test("mediasoup's own switch leaves the download out", () => {
    expect(workerSources({ ...fresh, skipDownload: true })).toEqual(['built']);
  });

  test("the recipe is for Debian's libraries: elsewhere nothing is built", () => {
    expect(workerSources({ ...fresh, platform: 'darwin' })).toEqual(['downloaded']);
  });
});

describe('the cached worker', () => {
  const key = { cacheDir: '/c', version: '3.19.3', platform: 'linux', arch: 'x64', recipeHash: 'a'.repeat(64) };

  test('is named by version, system and recipe', () => {
    expect(cachedWorkerPath(key)).toBe(`/c/mediasoup-worker-3.19.3-linux-x64-${'a'.repeat(12)}`);
  });

  test.each([{ version: '3.20.0' }, { arch: 'arm64' }, { platform: 'darwin' }, { recipeHash: 'b'.repeat(64) }])(
    'another %j is another file',
    (change) => {
      expect(cachedWorkerPath({ ...key, ...change })).not.toBe(cachedWorkerPath(key));
    },
  );
});

describe("mediasoup's prebuilt worker", () => {
  const host = { version: '3.19.3', platform: 'linux', arch: 'x64', kernel: '6.1.0-18-amd64' };

  test("on Linux is chosen by the kernel's major version", () => {
    expect(prebuiltUrl(host)).toBe(
      'https://github.com/versatica/mediasoup/releases/download/3.19.3/mediasoup-worker-3.19.3-linux-x64-kernel6.tgz',
    );
  });

  test('elsewhere has no kernel in its name, and a mirror may hold it', () => {
    const options = { ...host, platform: 'darwin', arch: 'arm64', baseUrl: 'https://mirror.example' };
    expect(prebuiltUrl(options)).toBe('https://mirror.example/3.19.3/mediasoup-worker-3.19.3-darwin-arm64.tgz');
  });
});
