/**
 * A headless Chromium with a microphone tone of its own and ears: what a page plays or receives can be captured as PCM
 * and looked at by spectrum. The browser lives no longer than its bound, whatever the test does.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { findChromium } from '../../infra/setup/chromium.mjs';
import { EARS_SCRIPT } from './page-ears';
import { tone, toPcm16 } from './spectrum';
import { pcm16Wav } from './wav';

export interface ChromiumOptions {
  /** What getUserMedia delivers, for ever. Default 1000 Hz. */
  readonly microphoneToneHz?: number;
  /** The browser is closed after so long, even when the test forgets it. Default 120 s. */
  readonly lifetimeMs?: number;
  /** More command-line flags. */
  readonly flags?: readonly string[];
}

export interface ChromiumUnderTest {
  readonly browser: Browser;
  readonly context: BrowserContext;
  /** A blank page in a secure context (http on localhost) with the ears of {@link EARS_SCRIPT} built in. */
  blankPage(): Promise<Page>;
  /** Ends the browser and removes its files; idempotent. */
  close(): Promise<void>;
}

const MICROPHONE_SAMPLE_RATE_HZ = 48_000;
/** Chromium repeats the file, but stumbles where it begins anew: long enough that few tests get there. */
const MICROPHONE_FILE_MS = 60_000;

export async function launchChromium(options: ChromiumOptions = {}): Promise<ChromiumUnderTest> {
  const { microphoneToneHz = 1000, lifetimeMs = 120_000, flags = [] } = options;
  const folder = await mkdtemp(join(tmpdir(), 'switchroom-chromium-'));
  const microphone = join(folder, 'microphone.wav');
  await writeFile(microphone, toneWav(microphoneToneHz));
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--autoplay-policy=no-user-gesture-required',
      '--allow-loopback-in-peer-connection',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      `--use-file-for-fake-audio-capture=${microphone}`,
      ...flags,
    ],
  });
  const blank = await serveBlankPage();
  const context = await browser.newContext({ permissions: ['microphone'] });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closing ??= (async () => {
      clearTimeout(bound);
      await browser.close().catch(() => undefined);
      await blank.close();
      await rm(folder, { recursive: true, force: true });
    })());
  const bound = setTimeout(() => void close(), lifetimeMs);
  return {
    browser,
    context,
    async blankPage() {
      const page = await context.newPage();
      await page.addInitScript(EARS_SCRIPT);
      await page.goto(blank.url);
      return page;
    },
    close,
  };
}

/** @throws when this machine has no browser that tests can drive. */
function chromiumPath(): string {
  const found = findChromium(process.env);
  if ('why' in found) throw new Error(`no browser for the tests: ${found.why}`);
  return found.path;
}

/** Lets a page of any origin use the ears; call it before the page loads. */
export const installEars = (page: Page): Promise<unknown> => page.addInitScript(EARS_SCRIPT);

/** The last `durationMs` that an ear of the page heard, at 8 kHz. @param name the name given to `ears.listen`. */
export async function heardBy(page: Page, name: string, durationMs: number): Promise<Float64Array> {
  const samples = await page.evaluate(([ear, count]) => window.ears.last(ear, count), [
    name,
    Math.round(durationMs * 8),
  ] as const);
  return Float64Array.from(samples);
}

async function serveBlankPage(): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html', connection: 'close' });
    response.end('<!doctype html><title>blank</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function toneWav(frequencyHz: number): Buffer {
  const samples = tone({
    frequencyHz,
    durationMs: MICROPHONE_FILE_MS,
    sampleRateHz: MICROPHONE_SAMPLE_RATE_HZ,
    amplitude: 0.5,
  });
  return pcm16Wav(toPcm16(samples), { sampleRateHz: MICROPHONE_SAMPLE_RATE_HZ });
}
