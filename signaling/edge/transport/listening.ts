/** The start of a server that takes connections. */
import type { Server } from 'node:net';

/**
 * Binds it; resolves with the port. @throws the system's error when the port is taken.
 * @param onError hears of what goes wrong later.
 */
export const listening = (
  server: Server,
  { address, port }: { readonly address: string; readonly port: number },
  onError?: (error: Error) => void,
): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.removeListener('error', reject);
      if (onError) server.on('error', onError);
      const bound = server.address();
      resolve(typeof bound === 'object' && bound ? bound.port : port);
    });
  });
