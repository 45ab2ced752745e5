/** One question to V8's inspector. */
import type WebSocket from 'ws';

let asked = 0;

/** Resolves with the reply's result. @throws Error with the reply's error. */
export const ask = (socket: WebSocket, method: string, params: object): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const id = (asked += 1);
    const onMessage = (data: WebSocket.RawData): void => {
      const reply = JSON.parse((data as Buffer).toString('utf8')) as { id?: number; result?: unknown; error?: object };
      if (reply.id !== id) return;
      socket.off('message', onMessage);
      socket.off('error', reject);
      if (reply.error) reject(new Error(JSON.stringify(reply.error)));
      else resolve(reply.result);
    };
    socket.on('message', onMessage);
    socket.once('error', reject);
    socket.send(JSON.stringify({ id, method, params }));
  });
