/** What a person reads when everything runs: where to go, what to dial, who to be. */
import type { AppReady, SampleAccount } from './child-messages';
import type { Config } from './config';
import { localMediaOf } from './config/media';

/** An address in a URL; IPv6 needs brackets. */
const hostOf = (address: string): string => (address.includes(':') ? `[${address}]` : address);

/** What listens here is also at 127.0.0.1, where the test caller looks by itself. */
const REACHED_BY_LOOPBACK = ['127.0.0.1', '0.0.0.0', '::'];

const shownHost = ({ bindAddress, publicAddress }: Config): string => {
  if (publicAddress !== undefined) return hostOf(publicAddress);
  return bindAddress === '127.0.0.1' || bindAddress === '0.0.0.0' ? 'localhost' : hostOf(bindAddress);
};

export const readyBlock = (config: Config, ready: AppReady, accounts: readonly SampleAccount[]): string => {
  const host = shownHost(config);
  const firstNumber = ready.numbers[0] ?? '4000';
  const sipPort = config.drachtio.host === undefined ? ` (UDP and TCP ${config.sipPort})` : '';
  const callPort = config.sipPort === 5060 ? '' : ` --port ${config.sipPort}`;
  const callHost = REACHED_BY_LOOPBACK.includes(config.bindAddress) ? '' : ` --host ${config.bindAddress}`;
  const lines = [
    'Switchroom is ready.',
    '',
    `  Agent desktop   http://${host}:${ready.httpPort}/`,
    `  API             http://${host}:${ready.httpPort}/api/v1/openapi.json`,
    `  SIP             sip:${firstNumber}@${host}:${config.sipPort}${sipPort}`,
    ...mediaLines(config),
    `  Numbers         ${ready.numbers.join(', ')}`,
    `  Data            ${config.home}`,
    `  Try a call      npm run call -- ${firstNumber}${callHost}${callPort}`,
    ...accountLines(accounts),
    '',
    '  Ctrl-C stops it.',
  ];
  const width = Math.max(...lines.map((line) => line.length)) + 2;
  const rule = '─'.repeat(width);
  return ['', rule, ...lines.map((line) => ` ${line}`), rule].join('\n');
};

/** Where each media process has its ports, for those who open a firewall. */
const mediaLines = (config: Config): string[] => {
  const local = localMediaOf(config).map(({ name, rtpPorts, webRtcPort }) => {
    const browsers = webRtcPort === undefined ? '' : `, browsers ${webRtcPort}`;
    return `${name}: RTP ${rtpPorts.first}-${rtpPorts.last}${browsers}`;
  });
  const away = config.media.hosts.map(({ name, address, port }) => `${name}: at ${hostOf(address)}:${port}`);
  return [...local, ...away].map((text, index) => `  ${index === 0 ? 'Media' : '     '}           ${text}`);
};

/** The accounts that this start has made, with the passwords that cannot be shown again. */
export const accountLines = (newAccounts: readonly SampleAccount[]): string[] => {
  if (newAccounts.length === 0) return [];
  const nameWidth = Math.max(...newAccounts.map(({ userName }) => userName.length));
  const rows = newAccounts.map(
    ({ userName, password, role }) => `    ${userName.padEnd(nameWidth)}  ${password}  (${role})`,
  );
  return ['', '  Accounts of the sample center (shown this once):', ...rows];
};
