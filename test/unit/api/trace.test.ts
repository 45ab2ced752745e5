/** Traces as files: the capture is read by tshark, the ladder by people. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TracedMessageView } from '../../../api/contract/trace';
import { ladderText } from '../../../api/traces/ladder-text';
import { pcapOf } from '../../../api/traces/pcap';
import { describeNeeding } from '../../support/tools';

const text = (startLine: string): string =>
  `${startLine}\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n` +
  'Call-ID: one\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n';

const US = { address: '198.51.100.1', port: 5060 };
const IPV6 = { local: { address: '2001:db8::1', port: 5060 }, remote: { address: '2001:db8::ffff:9', port: 15_060 } };

const MESSAGES: TracedMessageView[] = [
  {
    atMs: 1_700_000_000_123,
    direction: 'in',
    protocol: 'udp',
    local: US,
    remote: { address: '192.0.2.9', port: 35_060 },
    text: text('INVITE sip:c@d SIP/2.0'),
  },
  {
    atMs: 1_700_000_000_125.5,
    direction: 'out',
    protocol: 'wss',
    local: US,
    remote: { address: '192.0.2.10', port: 443 },
    text: text('SIP/2.0 180 Ringing'),
  },
  { atMs: 1_700_000_001_000, direction: 'out', protocol: 'tcp', ...IPV6, text: text('SIP/2.0 200 OK') },
];

it('a ladder tells times, directions and first lines, then the messages', () => {
  const lines = ladderText(MESSAGES).split('\n');
  expect(lines.slice(0, 3)).toEqual([
    '   0.000 s  192.0.2.9:35060 --> us  UDP  INVITE sip:c@d SIP/2.0',
    '   0.003 s  192.0.2.10:443 <-- us  WSS  SIP/2.0 180 Ringing',
    '   0.877 s  [2001:db8::ffff:9]:15060 <-- us  TCP  SIP/2.0 200 OK',
  ]);
  expect(lines).toContain('--- 1: 2023-11-14T22:13:20.123Z ---');
  expect(ladderText([])).toBe('\n');
});

it('an empty capture is a capture', () => {
  expect(pcapOf([]).toString('hex')).toBe('d4c3b2a1020004000000000000000000ffff000065000000');
});

describeNeeding('tshark')('a capture', () => {
  it('is decoded as SIP, with right addresses, times and checksums', () => {
    const folder = mkdtempSync(join(tmpdir(), 'switchroom-pcap-'));
    try {
      const file = join(folder, 'call.pcap');
      writeFileSync(file, pcapOf(MESSAGES));
      const fields = ['frame.time_epoch', 'ip.src', 'ip.dst', 'ipv6.src', 'ipv6.dst', 'udp.srcport', 'udp.dstport'];
      const checks = ['ip.checksum.status', 'udp.checksum.status', 'sip.Method', 'sip.Status-Code', 'sip.Call-ID'];
      const shown = execFileSync(
        'tshark',
        [
          ...['-r', file, '-o', 'ip.check_checksum:TRUE', '-o', 'udp.check_checksum:TRUE', '-T', 'fields'],
          ...['-E', 'separator=|', ...[...fields, ...checks].flatMap((field) => ['-e', field])],
        ],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      );
      expect(shown.trim().split('\n')).toEqual([
        '1700000000.123000000|192.0.2.9|198.51.100.1|||35060|5060|1|1|INVITE||one',
        '1700000000.125500000|198.51.100.1|192.0.2.10|||5060|443|1|1||180|one',
        '1700000001.000000000|||2001:db8::1|2001:db8::ffff:9|5060|15060||1||200|one',
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 30_000);
});
