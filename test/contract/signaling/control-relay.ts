/** Stands between an app and the edge's control port, also after a restart of the edge. */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface ControlRelay {
  /** Where the app connects to. */
  readonly port: number;
  /** From now on the app hears nothing of this edge; it hears the next one, to which it connects anew. */
  deafen(): void;
  close(): Promise<void>;
}

export const openControlRelay = async (controlPort: number): Promise<ControlRelay> => {
  const open = new Set<Socket>();
  let isDeaf = false;
  const relay = createServer((app) => {
    isDeaf = false;
    const edge = connect(controlPort, '127.0.0.1');
    app.pipe(edge);
    edge.on('data', (chunk) => void (isDeaf || app.write(chunk)));
    const end = (): void => [app, edge].forEach((socket) => void (open.delete(socket), socket.destroy()));
    for (const socket of [app, edge]) open.add(socket.on('error', end).on('close', end));
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  return {
    port: (relay.address() as AddressInfo).port,
    deafen: () => void (isDeaf = true),
    close: async () => {
      const closed = new Promise((resolve) => relay.close(resolve));
      open.forEach((socket) => socket.destroy());
      await closed;
    },
  };
};
