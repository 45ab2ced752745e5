import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { parseConfig } from '../../../main/config';
import type { Config } from '../../../main/config';
import { checkPorts } from '../../../main/port-check';
import { freePort } from '../../support/free-port';

const configWith = (env: Record<string, string>): Config => {
  const parsed = parseConfig({ path: 'x.yaml', text: '', env });
  if (!parsed.ok) throw new Error(parsed.fault.message);
  return parsed.value;
};

describe('checking ports before the start', () => {
  it('lets free ports pass, and leaves them free', async () => {
    const config = configWith({ HTTP_PORT: String(await freePort()), SIP_PORT: String(await freePort()) });
    await checkPorts(config);
    await checkPorts(config);
  });

  it('names a TCP port that is in use, and the setting that moves it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const config = configWith({ HTTP_PORT: String(port), SIP_PORT: String(await freePort()) });
    await expect(checkPorts(config)).rejects.toThrow(
      `TCP port ${port} for HTTP on 127.0.0.1 is in use by another program; set HTTP_PORT (httpPort) to another.`,
    );
    server.close();
  });

  it('names a UDP port that is in use, unless a drachtio-server has SIP', async () => {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    const env = { HTTP_PORT: String(await freePort()), SIP_PORT: String(port) };
    await expect(checkPorts(configWith(env))).rejects.toThrow(`UDP port ${port} for SIP`);
    await checkPorts(configWith({ ...env, DRACHTIO_HOST: '127.0.0.1', DRACHTIO_SECRET: 'secret' }));
    socket.close();
  });
});
