/** Finds out before anything is started that a port is in use, so that one sentence can say which and what to do. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { messageOf, SwitchroomError } from '../base/errors';
import type { Config } from './config';
import { webRtcPortsOf } from './config/media';

interface Wanted {
  readonly what: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** The key of the configuration, with its environment variable. */
  readonly cure: string;
}

/** @throws SwitchroomError `conflict` naming the port, what it is for, and the setting that moves it. */
export const checkPorts = async (config: Config): Promise<void> => {
  for (const wanted of wantedPorts(config)) {
    const { what, protocol, port, cure } = wanted;
    const failure = await tryToBind(wanted, config.bindAddress);
    if (failure === undefined) continue;
    const why =
      failure.code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be used (${messageOf(failure)})`;
    const text = `${protocol.toUpperCase()} port ${port} for ${what} on ${config.bindAddress} ${why}; set ${cure} to another`;
    throw new SwitchroomError('conflict', `${text}.`, { cause: failure });
  }
};

const wantedPorts = (config: Config): Wanted[] => {
  const { httpPort, sipPort, drachtio } = config;
  const ports: Wanted[] = [{ what: 'HTTP', protocol: 'tcp', port: httpPort, cure: 'HTTP_PORT (httpPort)' }];
  const onBoth = (what: string, port: number, cure: string): void => {
    ports.push({ what, protocol: 'udp', port, cure }, { what, protocol: 'tcp', port, cure });
  };
  if (drachtio.host === undefined) onBoth('SIP', sipPort, 'SIP_PORT (sipPort)');
  for (const port of Object.values(webRtcPortsOf(config)))
    onBoth("the browsers' media", port, 'WEBRTC_PORT (webRtcPort)');
  return ports;
};

const tryToBind = ({ protocol, port }: Wanted, address: string): Promise<NodeJS.ErrnoException | undefined> =>
  new Promise((resolve) => {
    if (protocol === 'tcp') {
      const server = createServer();
      server.once('error', resolve);
      server.listen(port, address, () => server.close(() => resolve(undefined)));
      return;
    }
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', resolve);
    socket.bind(port, address, () => socket.close(() => resolve(undefined)));
  });
