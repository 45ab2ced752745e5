/** What an app asks of the embedded edge beyond drachtio's protocol, over drachtio-srf's own connection. */
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { ServerConnection } from '../../../signaling/gateway/server-connection';
import { againstDrachtio, ServerUnderTest } from './server-under-test';

it('is answered by the edge, and refused before anything is sent to a drachtio-server', async () => {
  const server = await ServerUnderTest.start();
  const { host, controlPort, secret } = server;
  const address = { host, port: controlPort, secret };
  const connection = new ServerConnection({ server: address, clock: systemClock, log: silentLogger() });
  try {
    expect(await connection.extend('dance')).toMatchObject({ fault: { code: 'unavailable' } });
    connection.open();
    await connection.ready;
    expect(connection.extended).toBe(!againstDrachtio);
    const message = againstDrachtio ? 'not available with drachtio-server' : 'unsupported extension dance';
    expect(await connection.extend('dance', { to: 'nothing' })).toMatchObject({
      fault: { code: 'unsupported', message },
    });
  } finally {
    connection.close();
    await server.close();
  }
});
