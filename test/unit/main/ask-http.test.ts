import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../../base/clock';
import { askHttp } from '../../../main/ask-http';

const ask = (port: number) =>
  askHttp(systemClock)({
    method: 'GET',
    url: `http://127.0.0.1:${port}/hidden-path?key=hidden-key`,
    headers: { authorization: 'Bearer hidden-token' },
    timeoutMs: 100,
  });

it('a fault names the host and the reason, and no secret of the address', async () => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const silent = await ask(port);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  const closed = await ask(port);
  const host = `127.0.0.1:${port}`;
  expect(silent).toEqual({
    ok: false,
    fault: { code: 'timeout', message: `${host} did not answer within 100 ms.` },
  });
  expect(closed).toMatchObject({ ok: false, fault: { code: 'unavailable' } });
  expect(JSON.stringify(closed)).toContain('ECONNREFUSED');
  expect(JSON.stringify([silent, closed])).not.toContain('hidden');
});
