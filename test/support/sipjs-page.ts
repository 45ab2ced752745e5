/**
 * A page that runs the real sip.js against a WebSocket that plays the SIP server by hand: just enough to ring the
 * browser with an INVITE, take its early answer and its 200, and acknowledge. For experiments with sip.js's behaviour
 * that need no edge.
 */
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

/** What the server of the page saw, in order. */
export interface SipResponse {
  readonly status: number;
  readonly body: string;
  readonly atMs: number;
}

export interface RingingServer {
  readonly port: number;
  /** Resolves when the page has connected. */
  readonly connected: Promise<void>;
  /** Sends an INVITE with this offer; responses come to `onResponse`. A 200 is acknowledged. */
  ring(offer: string, onResponse: (response: SipResponse) => void): void;
  close(): Promise<void>;
}

const CRLF = '\r\n';

export async function startRingingServer(): Promise<RingingServer> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'sip' });
  await new Promise((resolve) => server.once('listening', resolve));
  let socket: WebSocket | undefined;
  const connected = new Promise<void>((resolve) =>
    server.once('connection', (opened) => {
      socket = opened;
      resolve();
    }),
  );
  const { port } = server.address() as AddressInfo;
  return {
    port,
    connected,
    ring(offer, onResponse) {
      const call = newCall(port);
      socket?.on('message', (data: Buffer) => {
        const response = readResponse(data.toString());
        if (!response) return;
        onResponse({ ...response, atMs: performance.timeOrigin + performance.now() });
        if (response.status === 200) socket?.send(ackOf(call, response));
      });
      socket?.send(inviteOf(call, offer));
    },
    close: () =>
      new Promise((resolve) => {
        for (const client of server.clients) client.terminate();
        server.close(() => resolve());
      }),
  };
}

/** Bundles the entry for the page and runs it there; it finds the server's port in `window.sipPort`. */
export async function runInPage(page: Page, entry: string, port: number): Promise<void> {
  const bundled = await build({
    stdin: { contents: entry, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
  });
  const [file] = bundled.outputFiles;
  await page.evaluate((value) => void Object.assign(window, { sipPort: value }), port);
  await page.addScriptTag({ content: file?.text ?? '' });
}

interface Call {
  readonly callId: string;
  readonly fromTag: string;
  readonly via: string;
}

const newCall = (port: number): Call => ({
  callId: randomBytes(8).toString('hex'),
  fromTag: randomBytes(4).toString('hex'),
  via: `SIP/2.0/WS 127.0.0.1:${port};branch=z9hG4bK${randomBytes(6).toString('hex')}`,
});

const inviteOf = (call: Call, offer: string): string =>
  [
    'INVITE sip:agent1@switchroom.test SIP/2.0',
    `Via: ${call.via}`,
    'Max-Forwards: 70',
    `From: "Caller" <sip:4917012345@switchroom.test>;tag=${call.fromTag}`,
    'To: <sip:agent1@switchroom.test>',
    `Call-ID: ${call.callId}`,
    'CSeq: 1 INVITE',
    'Contact: <sip:edge@switchroom.test;transport=ws>',
    'Allow: INVITE, ACK, BYE, CANCEL',
    'Content-Type: application/sdp',
    `Content-Length: ${Buffer.byteLength(offer)}`,
    '',
    offer,
  ].join(CRLF);

const ackOf = (call: Call, response: { readonly to: string }): string =>
  [
    'ACK sip:agent1@switchroom.test SIP/2.0',
    `Via: ${call.via}ack`,
    'Max-Forwards: 70',
    `From: "Caller" <sip:4917012345@switchroom.test>;tag=${call.fromTag}`,
    `To: ${response.to}`,
    `Call-ID: ${call.callId}`,
    'CSeq: 1 ACK',
    'Content-Length: 0',
    '',
    '',
  ].join(CRLF);

function readResponse(message: string): { status: number; to: string; body: string } | undefined {
  const status = /^SIP\/2\.0 (\d{3}) /.exec(message)?.[1];
  if (status === undefined) return undefined;
  const to = /^To: *(.*)\r$/im.exec(message)?.[1] ?? '';
  return { status: Number(status), to, body: message.slice(message.indexOf(CRLF + CRLF) + 4) };
}
