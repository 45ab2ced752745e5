import { readBrowserDescription } from '../../../media/sdp/read-webrtc';
import type { BrowserDescription } from '../../../media/sdp/webrtc-description';
import { writeWebrtcAnswer, writeWebrtcOffer } from '../../../media/sdp/write-webrtc';
import { CHROMIUM_ANSWER, CHROMIUM_OFFER, CHROMIUM_VIDEO_FIRST_OFFER, LOCAL_SESSION } from './webrtc-samples';
import type { EventFormat } from '../../../media/sdp/codec-formats';

const read = (sdp: string, mid?: string): BrowserDescription => {
  const result = readBrowserDescription(sdp, mid);
  if (!result.ok) throw new Error(result.fault.message);
  return result.value;
};

const faultOf = (sdp: string): { code: string; message: string } => {
  const result = readBrowserDescription(sdp);
  if (result.ok) throw new Error('was read');
  return result.fault;
};

const PCMA = { codec: 'PCMA', payloadType: 8 } as const;
const PCMU = { codec: 'PCMU', payloadType: 0 } as const;
const OPUS = { codec: 'OPUS', payloadType: 111 } as const;
const event = (payloadType: number, clockRateHz: EventFormat['clockRateHz'] = 8000): EventFormat => ({
  payloadType,
  clockRateHz,
});

describe("reading a browser's SDP", () => {
  test("Chromium's answer", () => {
    expect(read(CHROMIUM_ANSWER).audio).toEqual({
      sectionIndex: 0,
      mid: '0',
      direction: 'sendrecv',
      codecs: [PCMA],
      events: [event(101)],
      midExtensionId: 1,
      ssrc: 3874153825,
      ice: { usernameFragment: 'kzHo', password: 'i4cMTD93gZeXn3uDxhSEjbiq' },
      dtls: {
        role: 'client',
        fingerprints: [{ algorithm: 'sha-256', value: expect.stringMatching(/^D3:06:9F:/) as string }],
      },
    });
  });

  test("Chromium's offer: its order of codecs, and telephone-event at both clocks", () => {
    expect(read(CHROMIUM_OFFER).audio).toMatchObject({
      codecs: [OPUS, { codec: 'G722', payloadType: 9 }, PCMU, PCMA],
      events: [event(110, 48_000), event(126)],
      midExtensionId: 4,
      dtls: { role: 'auto' },
    });
  });

  test('the audio of a bundle takes its transport from the tagged section when it is bundle-only', () => {
    const { sections, audio } = read(CHROMIUM_VIDEO_FIRST_OFFER);
    expect(sections.map(({ medium }) => medium)).toEqual(['video', 'audio']);
    expect(audio).toMatchObject({ sectionIndex: 1, mid: 'a', ice: { usernameFragment: 'M6sQ' } });
  });

  test('an SSRC may be absent', () => {
    expect(read(CHROMIUM_ANSWER.replace(/a=ssrc:.*\r\n/g, '')).audio.ssrc).toBeUndefined();
  });

  test('a mid and ICE credentials that look like numbers stay as they were written', () => {
    const sdp = CHROMIUM_ANSWER.replace('a=ice-ufrag:kzHo', 'a=ice-ufrag:1234').replace(
      /ice-pwd:.*\r/,
      'ice-pwd:0042\r',
    );
    expect(read(sdp).audio.ice).toEqual({ usernameFragment: '1234', password: '0042' });
  });

  test.each([
    ['hold', 'sendonly'],
    ['no microphone', 'recvonly'],
    ['nothing', 'inactive'],
  ])('direction of %s', (_name, direction) => {
    expect(read(CHROMIUM_ANSWER.replace('a=sendrecv', `a=${direction}`)).audio.direction).toBe(direction);
  });

  test('of two audio sections the first usable one is taken, and in a dialog the one agreed on', () => {
    const [head = '', audio = ''] = CHROMIUM_ANSWER.split(/(?=m=audio)/);
    const second = audio.replace('a=mid:0', 'a=mid:1').replace('a=ssrc:3874153825', 'a=ssrc:77');
    const both = head.replace('BUNDLE 0', 'BUNDLE 0 1') + audio.replace('SAVPF 8 101', 'SAVPF 111') + second;
    expect(read(both).audio.ssrc).toBe(77);
    expect(read(head + audio + second, '1').audio.ssrc).toBe(77);
  });

  test.each([
    ['empty text', ''],
    ['no SDP at all', 'INVITE sip:x SIP/2.0'],
    ['no sections', 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n'],
    ['no ICE password', CHROMIUM_ANSWER.replace(/a=ice-pwd:.*\r\n/, '')],
    ['no fingerprint', CHROMIUM_ANSWER.replace(/a=fingerprint:.*\r\n/, '')],
    ['an unknown hash', CHROMIUM_ANSWER.replace('a=fingerprint:sha-256', 'a=fingerprint:md5')],
    ['a hash cut short', CHROMIUM_ANSWER.replace(/:F9\r\n/, '\r\n')],
    ['no DTLS role', CHROMIUM_ANSWER.replace('a=setup:active\r\n', '')],
    ['a role that is none', CHROMIUM_ANSWER.replace('a=setup:active', 'a=setup:holdconn')],
    ['a monstrous text', `v=0\r\n${'a=x\r\n'.repeat(100_000)}`],
  ])('refuses %s as bad input', (_name, sdp) => {
    expect(faultOf(sdp).code).toBe('bad_input');
  });

  test.each([
    ['refused audio', CHROMIUM_ANSWER.replace('m=audio 9', 'm=audio 0'), /no open audio/],
    ['plain RTP', CHROMIUM_ANSWER.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP'), /is not WebRTC/],
    ['no G.711', CHROMIUM_ANSWER.replace('SAVPF 8 101', 'SAVPF 111'), /none of Opus, G.722, PCMA and PCMU/],
    ['no RTCP multiplexing', CHROMIUM_ANSWER.replace('a=rtcp-mux\r\n', ''), /rtcp-mux/],
    ['video only', CHROMIUM_ANSWER.replace('m=audio', 'm=video'), /no open audio/],
  ])('finds %s not acceptable', (_name, sdp, message) => {
    expect(faultOf(sdp)).toMatchObject({
      code: 'not_acceptable_media',
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('our offer to a browser', () => {
  const offer = writeWebrtcOffer(LOCAL_SESSION, {
    mid: '0',
    codecs: [PCMA, PCMU],
    events: [event(101)],
    midExtensionId: 1,
  });

  test('is ice-lite with all candidates inside', () => {
    expect(offer).toContain('a=ice-lite\r\n');
    expect(offer).toContain('a=candidate:udpcandidate 1 udp 1076558079 192.0.2.7 40000 typ host\r\n');
    expect(offer).toContain('a=candidate:tcpcandidate 1 tcp 1076276479 192.0.2.7 40000 typ host tcptype passive\r\n');
    expect(offer).toContain('a=end-of-candidates\r\n');
  });

  test('names exactly the codecs asked for, and telephone-event', () => {
    expect(offer).toContain('m=audio 40000 UDP/TLS/RTP/SAVPF 8 0 101\r\n');
    expect(offer).toContain('a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n');
    expect(offer).toContain('a=ptime:20\r\n');
  });

  test('of Opus states its redundancy and telephone-event at its clock', () => {
    const opus = { mid: '0', codecs: [OPUS, PCMA], events: [event(110, 48_000), event(101)], midExtensionId: 1 };
    const written = writeWebrtcOffer(LOCAL_SESSION, opus);
    expect(written).toContain('m=audio 40000 UDP/TLS/RTP/SAVPF 111 8 110 101\r\n');
    expect(written).toContain('a=rtpmap:111 opus/48000/2\r\n');
    expect(written).toContain('a=fmtp:111 minptime=10;useinbandfec=1\r\n');
    expect(written).toContain('a=rtpmap:110 telephone-event/48000\r\n');
    expect(read(written).audio).toMatchObject({ codecs: [OPUS, PCMA], events: [event(110, 48_000), event(101)] });
  });

  test('can be read back', () => {
    expect(read(offer).audio).toMatchObject({
      codecs: [PCMA, PCMU],
      events: [event(101)],
      midExtensionId: 1,
      ssrc: LOCAL_SESSION.ssrc,
      dtls: { role: 'auto', fingerprints: [LOCAL_SESSION.fingerprint] },
    });
  });

  test('of an IPv6 address says so', () => {
    const [candidate] = LOCAL_SESSION.candidates;
    if (!candidate) throw new Error('the sample has a candidate');
    const local = { ...LOCAL_SESSION, candidates: [{ ...candidate, address: '2001:db8::7' }] };
    const options = { mid: '0', codecs: [PCMA], events: [event(101)], midExtensionId: 1 };
    expect(writeWebrtcOffer(local, options)).toContain('c=IN IP6 2001:db8::7\r\n');
  });
});

describe("our answer to a browser's offer", () => {
  const answerTo = (sdp: string): string =>
    writeWebrtcAnswer(LOCAL_SESSION, read(sdp), { codec: PCMA, event: event(126), setup: 'passive' });

  test("takes one codec and the browser's own payload type and extension ids", () => {
    const answer = answerTo(CHROMIUM_OFFER);
    expect(answer).toContain('m=audio 40000 UDP/TLS/RTP/SAVPF 8 126\r\n');
    expect(answer).toContain('a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n');
    expect(answer).toContain('a=setup:passive\r\n');
    expect(answer).not.toContain('opus');
  });

  test('refuses every other section in its place and leaves it out of the bundle', () => {
    const answer = answerTo(CHROMIUM_VIDEO_FIRST_OFFER);
    expect(answer.match(/^m=.*$/gm)).toEqual([
      'm=video 0 UDP/TLS/RTP/SAVPF 96',
      'm=audio 40000 UDP/TLS/RTP/SAVPF 8 126',
    ]);
    expect(answer).toContain('a=group:BUNDLE a\r\n');
    expect(answer.match(/^a=mid:.*$/gm)).toEqual(['a=mid:v', 'a=mid:a']);
  });

  test.each([
    ['sendrecv', 'sendrecv'],
    ['sendonly', 'recvonly'],
    ['recvonly', 'sendonly'],
    ['inactive', 'inactive'],
  ])('have-remote-offer %s → %s', (offered, answered) => {
    expect(answerTo(CHROMIUM_OFFER.replace('a=sendrecv', `a=${offered}`))).toContain(`a=${answered}\r\n`);
  });

  test('states its version in o=', () => {
    const local = { ...LOCAL_SESSION, version: 7 };
    const answer = writeWebrtcAnswer(local, read(CHROMIUM_OFFER), {
      codec: PCMU,
      event: undefined,
      setup: 'active',
    });
    expect(answer).toContain('o=- 4711 7 IN IP4 192.0.2.7\r\n');
    expect(answer).not.toContain('telephone-event');
  });
});
