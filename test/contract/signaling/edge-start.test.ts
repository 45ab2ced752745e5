/** The edge's start on ports that somebody else has. */
import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { systemClock } from '../../../base/clock';
import { silentLogger } from '../../../base/log';
import { startEdge } from '../../../signaling/edge/server';
import { freePort } from '../../support/free-port';

const start = (ports: { sipPort?: number; wsPort?: number; controlPort?: number; bindAddress?: string }) =>
  startEdge({
    bindAddress: '127.0.0.1',
    sipPort: 0,
    wsPort: 0,
    controlPort: 0,
    secret: 's',
    clock: systemClock,
    log: silentLogger(),
    ...ports,
  });

let letGo: () => Promise<unknown> = () => Promise.resolve();
afterEach(() => letGo());

describe('an edge whose port is taken', () => {
  it('on TCP says which for what, and what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    letGo = () => new Promise((resolve) => other.close(resolve));
    const { port } = other.address() as AddressInfo;
    await expect(start({ sipPort: port })).rejects.toMatchObject({
      code: 'conflict',
      message: `TCP port ${port} for SIP on 127.0.0.1 is in use by another program; set SIP_PORT (sipPort) to another.`,
    });
    await expect(start({ wsPort: port })).rejects.toThrow(
      `TCP port ${port} for SIP over WebSocket on 127.0.0.1 is in use`,
    );
    await expect(start({ controlPort: port })).rejects.toThrow(
      `TCP port ${port} for the app's connection on 127.0.0.1`,
    );
  });

  it('on UDP says so, and has let go of the same port on TCP', async () => {
    // Free on TCP as well: a port that only UDP was asked for may be another test's there.
    const port = await freePort();
    const other = createSocket('udp4');
    await new Promise<void>((resolve) => other.bind(port, '127.0.0.1', resolve));
    letGo = () => {
      letGo = () => Promise.resolve();
      return new Promise<void>((resolve) => other.close(resolve));
    };
    await expect(start({ sipPort: port })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`UDP port ${port} for SIP on 127.0.0.1 is in use`) as string,
    });
    await letGo();
    const edge = await start({ sipPort: port });
    expect(edge.ports.sip).toBe(port);
    await edge.close();
  });
});

it('an edge whose address is none of this machine says so', async () => {
  await expect(start({ bindAddress: '192.0.2.1', sipPort: 5999 })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(
      /^TCP port 5999 for SIP on 192\.0\.2\.1 cannot be bound \(.*EADDRNOTAVAIL/,
    ) as string,
  });
});
