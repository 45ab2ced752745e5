import type { TracedMessageView } from '../../../api/contract/trace';
import { ladderOf } from '../../../agent-web/src/signalling/ladder';

const US = { address: '10.0.0.1', port: 5060 };
const CALLER = { address: '192.0.2.7', port: 5062 };
const CARRIER = { address: '2001:db8::4', port: 5060 };

const message = (change: Partial<TracedMessageView>): TracedMessageView => ({
  atMs: 1_000,
  direction: 'in',
  protocol: 'udp',
  local: US,
  remote: CALLER,
  text: 'INVITE sip:4000@10.0.0.1 SIP/2.0\r\nCSeq: 1 INVITE\r\n\r\nv=0\r\no=- 1 1 IN IP4 192.0.2.7\r\n',
  ...change,
});

const response = (line: string, cseq = 'CSeq: 1 INVITE'): string => `SIP/2.0 ${line}\r\n${cseq}\r\n\r\n`;

describe('a ladder', () => {
  test('has who spoke first on the left, ourselves beside it, and everybody else on our right', () => {
    const { participants } = ladderOf([
      message({}),
      message({ direction: 'out', remote: CARRIER, protocol: 'tls' }),
      message({ direction: 'out' }),
    ]);
    expect(participants).toEqual([
      { peer: '192.0.2.7:5062', protocol: 'udp' },
      { peer: undefined, protocol: undefined },
      { peer: '[2001:db8::4]:5060', protocol: 'tls' },
    ]);
  });

  test('has an arrow for each message, from its sender to its receiver, with the time since the first', () => {
    const { arrows } = ladderOf([
      message({}),
      message({ direction: 'out', remote: CARRIER, atMs: 1_012 }),
      message({ direction: 'in', remote: CARRIER, atMs: 1_250, text: response('180 Ringing') }),
      message({ direction: 'out', atMs: 1_251, text: response('180 Ringing') }),
    ]);
    expect(arrows.map(({ from, to, offsetMs }) => [from, to, offsetMs])).toEqual([
      [0, 1, 0],
      [1, 2, 12],
      [2, 1, 250],
      [1, 0, 251],
    ]);
  });

  test.each([
    ['BYE sip:4000@10.0.0.1 SIP/2.0\r\nCSeq: 2 BYE\r\n\r\n', 'BYE', 'request'],
    [response('100 Trying'), '100 Trying (INVITE)', 'provisional'],
    [response('200 OK', 'cseq:\t2  BYE'), '200 OK (BYE)', 'success'],
    [response('302 Moved Temporarily'), '302 Moved Temporarily (INVITE)', 'provisional'],
    [response('401 Unauthorized'), '401 Unauthorized (INVITE)', 'challenge'],
    [response('486 Busy Here'), '486 Busy Here (INVITE)', 'failure'],
    ['SIP/2.0 603 \r\n\r\n', '603', 'failure'],
  ])('names %j: %s, a %s', (text, label, tone) => {
    expect(ladderOf([message({ text })]).arrows[0]).toMatchObject({ label, tone, hasSdp: false, text });
  });

  test('tells which messages carry an SDP body', () => {
    const { arrows } = ladderOf([message({}), message({ text: response('200 OK') })]);
    expect(arrows.map(({ hasSdp }) => hasSdp)).toEqual([true, false]);
  });

  test('of nothing, and of what is no SIP, is no error', () => {
    expect(ladderOf([])).toEqual({ participants: [], arrows: [] });
    expect(ladderOf([message({ text: '' })]).arrows[0]).toMatchObject({ label: '', tone: 'request' });
  });
});
