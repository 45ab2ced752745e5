import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { downloadWorker } from '../../../infra/setup/worker/download.mjs';
import { fileFromTar } from '../../../infra/setup/worker/tar.mjs';
import { useTempFolder } from './temp-folder';

const folder = useTempFolder();

/** An archive as mediasoup's releases have it, made by tar itself. */
function archiveOf(files: Record<string, string>): Buffer {
  for (const [name, content] of Object.entries(files)) folder.write(`in/${name}`, content);
  execFileSync('tar', ['-czf', 'worker.tgz', '-C', 'in', ...Object.keys(files)], { cwd: folder.path });
  return readFileSync(join(folder.path, 'worker.tgz'));
}

describe('a file in a tar archive', () => {
  const binary = 'x'.repeat(700);

  test('is found behind other files', () => {
    const archive = gunzipSync(archiveOf({ README: 'about', 'mediasoup-worker': binary }));
    expect(fileFromTar(archive, 'mediasoup-worker')?.toString()).toBe(binary);
  });

  test('that is not there is not made up', () => {
    expect(fileFromTar(gunzipSync(archiveOf({ README: 'about' })), 'mediasoup-worker')).toBeUndefined();
  });

  test('that is cut off is an error', () => {
    const archive = gunzipSync(archiveOf({ 'mediasoup-worker': binary }));
    expect(() => fileFromTar(archive.subarray(0, 1000), 'mediasoup-worker')).toThrow('cut off');
  });

  test('that is no archive at all is an error', () => {
    expect(() => fileFromTar(Buffer.alloc(2048, 'z'), 'mediasoup-worker')).toThrow('not a tar archive');
  });
});

describe('downloading the worker', () => {
  const serve = async (answer: (path: string) => { status: number; body: Buffer | string }) => {
    const server = createServer((request, response) => {
      const { status, body } = answer(request.url ?? '');
      response.writeHead(status, { connection: 'close' }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL: baseUrl };
    const close = async (): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));
    return { env, close };
  };

  test('gives the binary out of the release', async () => {
    const archive = archiveOf({ 'mediasoup-worker': 'the worker' });
    const asked: string[] = [];
    const { env, close } = await serve((path) => {
      asked.push(path);
      return { status: 200, body: archive };
    });
    try {
      expect((await downloadWorker({ version: '3.19.3', env })).toString()).toBe('the worker');
      expect(asked[0]).toMatch(/^\/3\.19\.3\/mediasoup-worker-3\.19\.3-.*\.tgz$/);
    } finally {
      await close();
    }
  });

  test('a release without this system is an error that names the address and the status', async () => {
    const { env, close } = await serve(() => ({ status: 404, body: 'no' }));
    try {
      await expect(downloadWorker({ version: '3.19.3', env })).rejects.toThrow(/127\.0\.0\.1.*\.tgz: HTTP 404/);
    } finally {
      await close();
    }
  });

  test('no network is an error that says so', async () => {
    const { env, close } = await serve(() => ({ status: 200, body: '' }));
    await close();
    await expect(downloadWorker({ version: '3.19.3', env })).rejects.toThrow('ECONNREFUSED');
  });
});
