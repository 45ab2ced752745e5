/** What is kept of calls, for how long, and what is never shown of it. */
import { SimulatedClock } from '../../../../../base/clock';
import { CallTraces } from '../../../../../signaling/edge/trace/call-traces';
import { traceExtension } from '../../../../../signaling/edge/trace/trace-extension';
import { shownText } from '../../../../../signaling/edge/trace/trace-text';
import { parseMessage } from '../../../../../signaling/sip/parse';
import { connectionTo } from '../fakes';

const peer = connectionTo('udp', '192.0.2.9', 5060);

const messageOf = (startLine: string, callId: string, more = ''): Buffer => {
  const method = startLine.startsWith('SIP/') ? 'INVITE' : (startLine.split(' ')[0] ?? '');
  return Buffer.from(
    `${startLine}\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n` +
      `Call-ID: ${callId}\r\nCSeq: 1 ${method}\r\n${more}\r\n`,
  );
};

const make = (limits: Partial<ConstructorParameters<typeof CallTraces>[1]> = {}) => {
  const clock = new SimulatedClock();
  const traces = new CallTraces(clock, { maxBytes: 1_000_000, maxCalls: 1_000, maxBytesPerCall: 100_000, ...limits });
  const receive = (bytes: Buffer): void => {
    const parsed = parseMessage(bytes);
    if (!parsed.ok) throw new Error(parsed.fault.message);
    traces.received(parsed.value, [bytes], peer);
  };
  return { clock, traces, receive };
};

const INVITE = 'INVITE sip:c@d SIP/2.0';

describe('CallTraces', () => {
  it('keeps a call from its INVITE on, both ways, by its Call-ID, and nothing else', () => {
    const { clock, traces, receive } = make();
    receive(messageOf('OPTIONS sip:c@d SIP/2.0', 'probe'));
    receive(messageOf(INVITE, 'one'));
    clock.advance(5);
    traces.sent(messageOf('SIP/2.0 100 Trying', 'one'), peer);
    traces.sent(messageOf(INVITE, 'two'), peer);
    clock.advance(5);
    receive(messageOf('SIP/2.0 200 OK', 'two'));
    receive(messageOf('BYE sip:c@d SIP/2.0', 'three'));
    expect(traces.size).toBe(2);
    const shown = traces.messagesOf(['one', 'two', 'one', 'probe']);
    expect(shown.map(({ direction, pieces }) => `${direction} ${pieces[0]?.toString().split('\r\n')[0]}`)).toEqual([
      `in ${INVITE}`,
      'out SIP/2.0 100 Trying',
      `out ${INVITE}`,
      'in SIP/2.0 200 OK',
    ]);
    expect(shown[3]).toMatchObject({ protocol: 'udp', remote: { address: '192.0.2.9', port: 5060 } });
  });

  it('finds the Call-ID of a message that somebody else wrote', () => {
    const { traces } = make();
    traces.sent(Buffer.from(messageOf(INVITE, 'x').toString().replace('Call-ID: x', 'i:  compact@host')), peer);
    expect(traces.messagesOf(['compact@host'])).toHaveLength(1);
  });

  it('forgets the oldest calls when the memory, or the number of calls, is over the limit', () => {
    const { traces, receive } = make({ maxBytes: 4_000 });
    for (let n = 0; n < 5_000; n += 1) receive(messageOf(INVITE, `call-${n}`));
    expect(traces.heldBytes).toBeLessThanOrEqual(4_000);
    expect(traces.size).toBeGreaterThan(5);
    expect(traces.messagesOf(['call-4999'])).toHaveLength(1);
    expect(traces.messagesOf(['call-0'])).toEqual([]);
    const few = make({ maxCalls: 3 });
    for (let n = 0; n < 10; n += 1) few.receive(messageOf(INVITE, `call-${n}`));
    expect(few.traces.size).toBe(3);
  });

  it('lets one endless call have its share only, and keeps nothing at all when told so', () => {
    const { traces, receive } = make({ maxBytesPerCall: 2_000 });
    for (let n = 0; n < 100; n += 1) receive(messageOf(INVITE, 'endless'));
    expect(traces.heldBytes).toBeLessThanOrEqual(2_000);
    const none = make({ maxBytes: 0 });
    none.receive(messageOf(INVITE, 'one'));
    none.traces.sent(messageOf(INVITE, 'two'), peer);
    expect(none.traces.size).toBe(0);
  });
});

describe('what is shown of a message', () => {
  const shown = (text: string, withBodies = true): string => shownText(Buffer.from(text), withBodies);

  it('has no credentials, on however many lines', () => {
    const text = shown(
      'INVITE a SIP/2.0\r\nAuthorization: Digest username="a",\r\n response="secret"\r\n' +
        'proxy-authorization: Digest response="secret"\r\nX: 1\r\n\r\n',
    );
    expect(text).toBe(
      'INVITE a SIP/2.0\r\nAuthorization: Digest ***\r\nproxy-authorization: Digest ***\r\nX: 1\r\n\r\n',
    );
  });

  it('has no keys in SDP, and no digits', () => {
    const sdp = 'v=0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:secret|2^20\r\na=ice-pwd:secret\r\na=sendrecv\r\n';
    const text = shown(`INVITE a SIP/2.0\r\nContent-Type: application/sdp\r\n\r\n${sdp}`);
    expect(text).not.toContain('secret');
    expect(text).toContain('a=sendrecv');
    for (const type of ['application/dtmf-relay', 'text/plain', 'multipart/mixed;boundary=x']) {
      const info = shown(`INFO a SIP/2.0\r\nContent-Type: ${type}\r\n\r\nSignal=5\r\n`);
      expect(info).not.toContain('Signal');
      expect(info).toContain('(10 bytes)');
    }
    const kpml = '<kpml-response digits="17"/>';
    expect(shown(`NOTIFY a SIP/2.0\r\nc: application/kpml-response+xml\r\n\r\n${kpml}`)).not.toContain('17');
    expect(shown(`INVITE a SIP/2.0\r\n\r\n${sdp}`, false)).toBe('INVITE a SIP/2.0\r\n\r\n(90 bytes)');
  });
});

it('an app gets messages with addresses that peers know, or a word about what it asked wrongly', () => {
  const { traces } = make();
  const wildcard = { ...peer, local: { address: '0.0.0.0', port: 5060 } };
  traces.sent(messageOf(INVITE, 'one'), wildcard);
  const trace = traceExtension({ traces, withBodies: true, advertise: () => ({ address: '203.0.113.1', port: 1 }) });
  expect(trace({ callIds: ['one'] })).toMatchObject({
    value: { messages: [{ local: { address: '203.0.113.1', port: 5060 }, direction: 'out' }] },
  });
  for (const input of [undefined, {}, { callIds: 'one' }, { callIds: [1] }, { callIds: Array(51).fill('x') }]) {
    expect(trace(input)).toMatchObject({ fault: { code: 'bad_input' } });
  }
});
