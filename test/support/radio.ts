/** A server that streams a tone as MP3 for as long as one listens, as a radio does; told by the test when to fall silent. */
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Mp3FrameSplitter } from '../../media/mp3/frame-splitter';

export const RADIO_HZ = 700;
const FILE = readFileSync(join(__dirname, '../fixtures/music/tone-700.mp3'));
/** Of 1152 samples at 44.1 kHz. */
const FRAME_MS = 26.122;
const BEAT_MS = 100;
/** Sent at once to who comes, as Icecast does. */
const BURST_MS = 2000;

export class Radio {
  /** How often somebody has connected. */
  connections = 0;
  /** Whether it takes connections. */
  onAir = true;
  contentType = 'audio/mpeg';
  private readonly frames = new Mp3FrameSplitter().push(FILE);
  private readonly listeners = new Map<ServerResponse, { sentFrames: number; readonly sinceMs: number }>();
  private readonly beat: NodeJS.Timeout;

  private constructor(private readonly server: Server) {
    this.beat = setInterval(() => this.send(), BEAT_MS);
    server.on('request', (request, response: ServerResponse) => this.take(request.url ?? '', response));
  }

  static async start(): Promise<Radio> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Radio(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/live.mp3`;
  }

  get listening(): number {
    return this.listeners.size;
  }

  /** Ends what is on the air, and takes nobody until {@link resume}. */
  interrupt(): void {
    this.onAir = false;
    for (const response of this.listeners.keys()) response.destroy();
  }

  resume(): void {
    this.onAir = true;
  }

  async close(): Promise<void> {
    clearInterval(this.beat);
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(path: string, response: ServerResponse): void {
    this.connections += 1;
    if (path === '/moved') return void response.writeHead(302, { location: this.url }).end();
    if (!this.onAir) return void response.writeHead(503).end();
    response.writeHead(200, { 'content-type': this.contentType });
    this.listeners.set(response, { sentFrames: 0, sinceMs: performance.now() - BURST_MS });
    response.on('close', () => this.listeners.delete(response));
    this.send();
  }

  private send(): void {
    for (const [response, listener] of this.listeners) {
      const due = Math.floor((performance.now() - listener.sinceMs) / FRAME_MS);
      const frames: Buffer[] = [];
      for (; listener.sentFrames < due; listener.sentFrames += 1)
        frames.push(this.frames[listener.sentFrames % this.frames.length] ?? Buffer.alloc(0));
      if (frames.length > 0) response.write(Buffer.concat(frames));
    }
  }
}
