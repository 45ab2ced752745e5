import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { downloadWorker, prebuiltUrl } from '../../../infra/setup/worker/download.mjs';
import { fetchBounded } from '../../../infra/setup/worker/fetch-bounded.mjs';
import { onlyFileOfTar } from '../../../infra/setup/worker/tar.mjs';
import { useTempFolder } from './temp-folder';

const folder = useTempFolder();
const BINARY = 'x'.repeat(2 ** 20 + 700);

/** An archive as mediasoup's releases have it, made by tar itself. */
function archiveOf(files: Record<string, string>, ...more: string[]): Buffer {
  mkdirSync(join(folder.path, 'in'));
  for (const [name, content] of Object.entries(files)) folder.write(`in/${name}`, content);
  execFileSync('tar', [...more, '-czf', 'worker.tgz', '-C', 'in', ...Object.keys(files)], { cwd: folder.path });
  return readFileSync(join(folder.path, 'worker.tgz'));
}

describe('the only file of a tar archive', () => {
  const read = (archive: Buffer): string => onlyFileOfTar(gunzipSync(archive), 'mediasoup-worker').toString();

  test.each(['ustar', 'gnu', 'pax'])('is found in an archive of format %s', (format) => {
    expect(read(archiveOf({ 'mediasoup-worker': BINARY }, `--format=${format}`))).toBe(BINARY);
  });

  test.each([
    ['beside another file', { 'mediasoup-worker': BINARY, README: 'about' }, 'but it holds "README"'],
    ['in a folder', { 'bin/mediasoup-worker': BINARY }, 'but it holds "bin/mediasoup-worker"'],
    ['under another name', { worker: BINARY }, 'but it holds "worker"'],
  ])('%s is refused', (_name, files: Record<string, string>, complaint) => {
    expect(() => read(archiveOf(files))).toThrow(complaint);
  });

  test('that is not there, cut off, or no archive at all is an error', () => {
    const archive = gunzipSync(archiveOf({ 'mediasoup-worker': BINARY }));
    expect(() => onlyFileOfTar(Buffer.alloc(1024), 'mediasoup-worker')).toThrow('holds no mediasoup-worker');
    expect(() => onlyFileOfTar(archive.subarray(0, 1000), 'mediasoup-worker')).toThrow('cut off');
    expect(() => onlyFileOfTar(Buffer.alloc(2048, 'z'), 'mediasoup-worker')).toThrow('not a tar archive');
  });
});

interface Answer {
  readonly status: number;
  readonly body?: Buffer | string;
  readonly headers?: OutgoingHttpHeaders;
}

async function withServer(answer: (path: string) => Answer, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    const { status, body, headers } = answer(request.url ?? '');
    response.writeHead(status, { connection: 'close', ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  }
}

const download = (baseUrl: string): Promise<Buffer> =>
  downloadWorker({ version: '3.19.3', env: { MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL: baseUrl } });

describe('downloading the worker', () => {
  test("goes to the version's release in mediasoup's own repository, over https", () => {
    const url = prebuiltUrl({ version: '3.19.3', platform: 'linux', arch: 'x64', kernel: '6.1.0' });
    expect(url).toBe(
      'https://github.com/versatica/mediasoup/releases/download/3.19.3/mediasoup-worker-3.19.3-linux-x64-kernel6.tgz',
    );
  });

  test('gives the binary out of the release, also behind a redirect', async () => {
    const archive = archiveOf({ 'mediasoup-worker': BINARY });
    const asked: string[] = [];
    const answer = (path: string): Answer => {
      asked.push(path);
      return path === '/store' ? { status: 200, body: archive } : { status: 302, headers: { location: '/store' } };
    };
    await withServer(answer, async (url) => expect((await download(url)).toString()).toBe(BINARY));
    expect(asked[0]).toMatch(/^\/3\.19\.3\/mediasoup-worker-3\.19\.3-.*\.tgz$/);
  });

  test.each([
    ['a binary that is none', () => archiveOf({ 'mediasoup-worker': 'tiny' }), 'has only 4 bytes'],
    ['an archive that swells without end', () => gzipSync(Buffer.alloc(257 * 2 ** 20)), 'larger than'],
    ['something that is not packed', () => Buffer.from('<html>'), 'incorrect header'],
  ])('%s is refused, with the address', async (_name, body, complaint) => {
    await withServer(
      () => ({ status: 200, body: body() }),
      async (url) => expect(download(url)).rejects.toThrow(new RegExp(`127\\.0\\.0\\.1.*\\.tgz: .*${complaint}`, 'i')),
    );
  });

  test('a release without this system is an error that names the address and the status', async () => {
    await withServer(
      () => ({ status: 404, body: 'no' }),
      async (url) => expect(download(url)).rejects.toThrow(/127\.0\.0\.1.*\.tgz: HTTP 404/),
    );
  });

  test('no network is an error that says so', async () => {
    let url = '';
    await withServer(
      () => ({ status: 200 }),
      async (address) => void (url = address),
    );
    await expect(download(url)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('fetching a file', () => {
  test.each(['http://mirror.example/worker.tgz', 'ftp://mirror.example/worker.tgz'])('%s is refused', async (url) => {
    await expect(fetchBounded(url, { mostBytes: 10 })).rejects.toThrow('is not https');
  });

  test('a redirect to plain http elsewhere is not followed', async () => {
    const headers = { location: 'http://mirror.example/worker.tgz' };
    await withServer(
      () => ({ status: 302, headers }),
      async (url) => expect(fetchBounded(url, { mostBytes: 10 })).rejects.toThrow('http://mirror.example is not https'),
    );
  });

  test('redirects without end and files above the bound are given up', async () => {
    await withServer(
      (path) =>
        path === '/large' ? { status: 200, body: 'x'.repeat(11) } : { status: 302, headers: { location: '/' } },
      async (url) => {
        await expect(fetchBounded(url, { mostBytes: 10 })).rejects.toThrow('more than 5 redirects');
        await expect(fetchBounded(`${url}/large`, { mostBytes: 10 })).rejects.toThrow('more than 10 bytes');
        expect(await fetchBounded(`${url}/large`, { mostBytes: 11 })).toHaveLength(11);
      },
    );
  });
});
