/** Both ends of the way between app and media process, without media. */
import { createConnection, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { EndpointId } from '../../base/ids';
import { ok } from '../../base/result';
import type { MediaEvent, MediaPort } from '../../media/ports';

/** An engine that only remembers; the real one is in the contract suite. */
export function rememberingEngine() {
  const open = new Set<EndpointId>();
  const asked: string[] = [];
  const held: (() => void)[] = [];
  let listener: (event: MediaEvent) => void = () => undefined;
  const engine = {
    openEndpoint: async ({ endpointId }: { endpointId: EndpointId }) => (open.add(endpointId), ok({ sdp: 'v=0' })),
    closeEndpoint: async (endpointId: EndpointId) => (open.delete(endpointId), ok(undefined)),
    counts: async () => ok({ endpoints: open.size }),
    /** Is answered when it is let go. */
    bridge: (a: EndpointId, b: EndpointId) => {
      asked.push(`bridge ${a} ${b}`);
      return new Promise((resolve) => void held.push(() => resolve(ok(undefined))));
    },
    onEvent: (next: (event: MediaEvent) => void) => ((listener = next), () => undefined),
  } as unknown as MediaPort;
  return { engine, open, asked, held, emit: (event: MediaEvent) => listener(event) };
}

/** Stands between, and can be cut, or swallow everything without a word. */
export async function cuttableProxy(port: number) {
  const sockets = new Set<Socket>();
  let swallows = false;
  const server = createServer((inner) => {
    if (swallows) {
      sockets.add(inner);
      return void inner.on('error', () => undefined).resume();
    }
    const outer = createConnection(port, '127.0.0.1');
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      // prettier-ignore
      sockets.add(from);
      from.on('error', () => undefined);
      from.pipe(to);
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  const swallow = (): void => {
    swallows = true;
    for (const socket of sockets) socket.unpipe().resume();
  };
  return { port: (server.address() as AddressInfo).port, cut, swallow, close: () => (cut(), void server.close()) };
}
