import { IceLite } from '../../../../media/ice/ice-lite';
import { LocalOrigin } from '../../../../media/sdp/local-origin';
import { LocalSecurity } from '../../../../media/sdp/local-security';
import { MediaLayout } from '../../../../media/sdp/media-layout';
import { answerRtpOffer, makeRtpOffer, readRtpAnswer } from '../../../../media/sdp/rtp-negotiation';
import type { LocalMedia } from '../../../../media/sdp/rtp-negotiation';

const local = (): LocalMedia => ({
  rtp: { address: '192.0.2.9', port: 20_000 },
  rtcpPort: 20_001,
  origin: new LocalOrigin(),
  security: new LocalSecurity('off'),
  telephoneEvents: true,
});

const offerOf = (media: readonly string[], connection = 'c=IN IP4 198.51.100.1'): string =>
  ['v=0', 'o=- 1 1 IN IP4 198.51.100.1', 's=-', ...(connection ? [connection] : []), 't=0 0', ...media, ''].join(
    '\r\n',
  );

const AUDIO = ['m=audio 4000 RTP/AVP 18 0 8 96', 'a=rtpmap:96 telephone-event/8000', 'a=ptime:20'];

const answer = (offer: string, codecs: ('PCMA' | 'PCMU')[] = ['PCMA', 'PCMU']) =>
  answerRtpOffer(offer, codecs, local());

const answered = (offer: string, codecs?: ('PCMA' | 'PCMU')[]) => {
  const result = answer(offer, codecs);
  if (!result.ok) throw new Error(result.fault.message);
  return result.value;
};

describe('answering an offer over plain RTP', () => {
  it("chooses the codec that we want most of those offered, and telephone-event with the peer's number", () => {
    expect(answered(offerOf(AUDIO)).agreed).toMatchObject({
      codec: 'PCMA',
      payloadType: 8,
      event: { payloadType: 96, clockRateHz: 8000 },
      rtp: { address: '198.51.100.1', port: 4000 },
      rtcp: { address: '198.51.100.1', port: 4001 },
      direction: 'sendrecv',
    });
    expect(answered(offerOf(AUDIO), ['PCMU', 'PCMA']).sdp).toContain('m=audio 20000 RTP/AVP 0 96\r\n');
  });

  it('offers no telephone-event where the peer knows none', () => {
    const { agreed, sdp } = answered(offerOf(['m=audio 4000 RTP/AVP 8']));
    expect(agreed.event).toBeUndefined();
    expect(sdp).not.toContain('telephone-event');
  });

  it('takes Opus under its dynamic number, with redundancy, and telephone-event at its clock', () => {
    const media = [
      'm=audio 4000 RTP/AVP 96 8 101 102',
      'a=rtpmap:96 OPUS/48000/2',
      'a=fmtp:96 useinbandfec=1',
      'a=rtpmap:101 telephone-event/8000',
      'a=rtpmap:102 telephone-event/48000',
    ];
    const result = answerRtpOffer(offerOf(media), ['OPUS', 'PCMA'], local());
    if (!result.ok) throw new Error(result.fault.message);
    expect(result.value.agreed).toMatchObject({
      codec: 'OPUS',
      payloadType: 96,
      event: { payloadType: 102, clockRateHz: 48_000 },
    });
    expect(result.value.sdp).toContain(
      'm=audio 20000 RTP/AVP 96 102\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 minptime=10;useinbandfec=1\r\n' +
        'a=rtpmap:102 telephone-event/48000\r\na=fmtp:102 0-15\r\n',
    );
    expect(answered(offerOf(media)).agreed).toMatchObject({
      codec: 'PCMA',
      event: { payloadType: 101, clockRateHz: 8000 },
    });
  });

  it.each(['opus/48000', 'opus/8000/2', 'opus/48000/1'])('takes no %s for Opus (RFC 7587, section 7)', (map) => {
    const offer = offerOf(['m=audio 4000 RTP/AVP 96', `a=rtpmap:96 ${map}`]);
    expect(answerRtpOffer(offer, ['OPUS'], local())).toMatchObject({ fault: { code: 'not_acceptable_media' } });
  });

  it('beside Opus takes telephone-event/8000 from a peer that has no other', () => {
    const offer = offerOf([
      'm=audio 4000 RTP/AVP 96 101',
      'a=rtpmap:96 opus/48000/2',
      'a=rtpmap:101 telephone-event/8000',
    ]);
    expect(answerRtpOffer(offer, ['OPUS'], local())).toMatchObject({
      value: { agreed: { event: { payloadType: 101, clockRateHz: 8000 } } },
    });
  });

  it('offers Opus beside G.711 with an event of each clock, and reads the answer that takes Opus', () => {
    const codecs = ['OPUS', 'PCMA'] as const;
    const offer = makeRtpOffer(codecs, local());
    expect(offer).toContain('m=audio 20000 RTP/AVP 111 8 110 101\r\n');
    expect(offer).toContain('a=rtpmap:110 telephone-event/48000\r\n');
    const read = readRtpAnswer(
      offerOf(['m=audio 4000 RTP/AVP 111 110', 'a=rtpmap:111 opus/48000/2', 'a=rtpmap:110 telephone-event/48000']),
      codecs,
      local(),
    );
    expect(read).toMatchObject({
      value: { codec: 'OPUS', payloadType: 111, event: { payloadType: 110, clockRateHz: 48_000 } },
    });
  });

  it('takes G.711 under a dynamic number, and not a wideband format of the same name', () => {
    const media = ['m=audio 4000 RTP/AVP 97 98', 'a=rtpmap:97 pcma/16000', 'a=rtpmap:98 pcma/8000'];
    expect(answered(offerOf(media)).agreed).toMatchObject({ codec: 'PCMA', payloadType: 98 });
  });

  it('takes G.722 where we want it, by its static number and with the clock that RFC 3551 has it write', () => {
    const result = answerRtpOffer(offerOf(['m=audio 4000 RTP/AVP 9 8']), ['G722', 'PCMA'], local());
    expect(result).toMatchObject({ ok: true, value: { agreed: { codec: 'G722', payloadType: 9 } } });
    expect(result.ok && result.value.sdp).toContain('a=rtpmap:9 G722/8000\r\n');
    expect(makeRtpOffer(['G722', 'PCMA'], local())).toContain('m=audio 20000 RTP/AVP 9 8 101\r\n');
  });

  it.each([
    ['sendrecv', 'sendrecv'],
    ['sendonly', 'recvonly'],
    ['recvonly', 'sendonly'],
    ['inactive', 'inactive'],
  ])('offered %s → answered %s', (offered, expected) => {
    const { agreed, sdp } = answered(offerOf([...AUDIO, `a=${offered}`]));
    expect(agreed.direction).toBe(expected);
    expect(sdp).toContain(`a=${expected}\r\n`);
  });

  it("the session's direction counts where the media line has none", () => {
    const offer = offerOf(AUDIO).replace('t=0 0', 't=0 0\r\na=inactive');
    expect(answered(offer).agreed.direction).toBe('inactive');
  });

  it('IPv6 addresses are compared with those of packets, however the peer writes them', () => {
    const offer = offerOf([...AUDIO, 'a=rtcp:5000 IN IP6 2001:0DB8:0::2'], 'c=IN IP6 2001:DB8:0:0:0:0:0:1');
    const rtp = { address: '2001:db8::9', port: 20_000 };
    expect(answerRtpOffer(offer, ['PCMA'], { ...local(), rtp })).toMatchObject({
      value: { agreed: { rtp: { address: '2001:db8::1' }, rtcp: { address: '2001:db8::2', port: 5000 } } },
    });
    const nowhere = answerRtpOffer(offerOf(AUDIO, 'c=IN IP6 0:0:0:0:0:0:0:0'), ['PCMA'], { ...local(), rtp });
    expect(nowhere.ok && nowhere.value.agreed.rtp).toBeUndefined();
    const zoned = answerRtpOffer(offerOf(AUDIO, 'c=IN IP6 fe80::1%eth0'), ['PCMA'], { ...local(), rtp });
    expect(zoned).toMatchObject({ fault: { code: 'bad_input' } });
  });

  it('an offer of another address family is refused, and leaves everything as it was agreed on before', () => {
    const ice = new IceLite();
    const withIce = (fragment: string, connection: string): string =>
      offerOf([...AUDIO, `a=ice-ufrag:${fragment}`, 'a=ice-pwd:abcdefghijklmnopqrstuv'], connection);
    const own = { ...local(), ice };
    expect(answerRtpOffer(withIce('abcd', 'c=IN IP4 198.51.100.1'), ['PCMA'], own).ok).toBe(true);
    const before = ice.credentials;
    expect(answerRtpOffer(withIce('efgh', 'c=IN IP6 2001:db8::1'), ['PCMA'], own)).toMatchObject({
      fault: { code: 'not_acceptable_media' },
    });
    expect(ice.credentials).toEqual(before);
  });

  it('an offer of ours has every line of the session in its place, also in an endpoint that goes on with it', () => {
    const media = ['m=video 5000 RTP/AVP 96', 'a=mid:v', ...AUDIO, 'a=mid:a', 'm=image 0 udptl t38'];
    const first = answerRtpOffer(offerOf(media), ['PCMA'], { ...local(), layout: new MediaLayout() });
    if (!first.ok) throw new Error(first.fault.message);
    const { sdp } = first.value;
    const offer = makeRtpOffer(['PCMA'], {
      ...local(),
      origin: new LocalOrigin(sdp),
      layout: new MediaLayout(sdp),
    });
    expect(offer.split('\r\n').filter((line) => /^(m=|a=mid)/.test(line))).toEqual([
      'm=video 0 RTP/AVP 96',
      'a=mid:v',
      'm=audio 20000 RTP/AVP 8 101',
      'a=mid:a',
      'm=image 0 udptl t38',
    ]);
  });

  it('hold by the address 0.0.0.0: we send nowhere', () => {
    const { agreed } = answered(offerOf(AUDIO, 'c=IN IP4 0.0.0.0'));
    expect(agreed).toMatchObject({ rtp: undefined, direction: 'recvonly' });
  });

  it('further media lines are refused with port 0, in their places', () => {
    const offer = offerOf(['m=video 5000 RTP/AVP 99', 'a=rtpmap:99 H264/90000', ...AUDIO, 'm=audio 6000 RTP/SAVP 8']);
    const lines = answered(offer)
      .sdp.split('\r\n')
      .filter((line) => line.startsWith('m='));
    expect(lines).toEqual(['m=video 0 RTP/AVP 99', 'm=audio 20000 RTP/AVP 8 96', 'm=audio 0 RTP/SAVP 8']);
  });

  it('rtcp-mux is answered where it is offered, and then RTCP goes to the RTP port', () => {
    const { agreed, sdp } = answered(offerOf([...AUDIO, 'a=rtcp-mux']));
    expect(agreed).toMatchObject({ rtcpMux: true, rtcp: { port: 4000 } });
    expect(sdp).toContain('a=rtcp-mux');
    expect(answered(offerOf([...AUDIO, 'a=rtcp:4711 IN IP4 198.51.100.2'])).agreed).toMatchObject({
      rtcpMux: false,
      rtcp: { address: '198.51.100.2', port: 4711 },
    });
  });

  it.each([
    ['no common codec', offerOf(['m=audio 4000 RTP/AVP 18']), 'not_acceptable_media'],
    ['no audio', offerOf(['m=video 4000 RTP/AVP 99']), 'not_acceptable_media'],
    ['audio refused with port 0', offerOf(['m=audio 0 RTP/AVP 8']), 'not_acceptable_media'],
    ['no media lines', offerOf([]), 'bad_input'],
    ['no address', offerOf(AUDIO, ''), 'bad_input'],
    ['a host name for an address', offerOf(AUDIO, 'c=IN IP4 pbx.example.org'), 'bad_input'],
    ['an impossible port', offerOf(['m=audio 70000 RTP/AVP 8']), 'bad_input'],
    ['a media line cut short', offerOf(['m=audio']), 'bad_input'],
    ['something else', '{"type":"offer"}', 'bad_input'],
    ['nothing', '', 'bad_input'],
    ['too much', offerOf(AUDIO) + 'a=x\r\n'.repeat(10_000), 'bad_input'],
  ])('an offer with %s is refused', (_what, offer, code) => {
    expect(answer(offer)).toMatchObject({ ok: false, fault: { code } });
  });

  it('the version in o= grows by one when the description changes, and only then', () => {
    const media = local();
    const versionOf = (offer: string): string | undefined => {
      const result = answerRtpOffer(offer, ['PCMA'], media);
      return result.ok ? /^o=- (\d+ \d+)/m.exec(result.value.sdp)?.[1] : undefined;
    };
    const [first, again, held] = [offerOf(AUDIO), offerOf(AUDIO), offerOf([...AUDIO, 'a=sendonly'])].map(versionOf);
    expect(first).toMatch(/ 1$/);
    expect(again).toBe(first);
    expect(held).toBe(first?.replace(/ 1$/, ' 2'));
  });
});

describe('our offer over plain RTP', () => {
  it('lists the codecs in our order with telephone-event', () => {
    const offer = makeRtpOffer(['PCMU', 'PCMA'], local());
    expect(offer).toContain('m=audio 20000 RTP/AVP 0 8 101\r\n');
    expect(offer).toContain('c=IN IP4 192.0.2.9\r\n');
    expect(offer).toContain('a=rtpmap:101 telephone-event/8000\r\n');
  });

  it('is completed by what the peer lists first of it; the rest may come too', () => {
    const agreed = readRtpAnswer(offerOf(['m=audio 4000 RTP/AVP 0 8']), ['PCMA', 'PCMU'], local());
    expect(agreed).toMatchObject({ ok: true, value: { codec: 'PCMU', payloadType: 0 } });
    expect(agreed.ok && agreed.value.receivable.map(({ codec }) => codec)).toEqual(['PCMU', 'PCMA']);
  });

  it('is not completed by an answer without a codec of it', () => {
    const refused = readRtpAnswer(offerOf(['m=audio 4000 RTP/AVP 0']), ['PCMA'], local());
    expect(refused).toMatchObject({ ok: false, fault: { code: 'not_acceptable_media' } });
  });
});

describe('keys in the SDP (RFC 4568)', () => {
  const KEY = 'inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz';
  const securedOffer = (...cryptos: string[]): string =>
    offerOf(['m=audio 4000 RTP/SAVP 8', ...cryptos.map((crypto) => `a=crypto:${crypto}`)]);
  const withPolicy = (policy: 'off' | 'optional' | 'required'): LocalMedia => ({
    ...local(),
    security: new LocalSecurity(policy),
  });

  it('answers with a key of its own under the tag of the first suite that it knows', () => {
    const offer = securedOffer(`1 F8_128_HMAC_SHA1_80 ${KEY}`, `7 AES_CM_128_HMAC_SHA1_32 ${KEY}|2^20`);
    const result = answerRtpOffer(offer, ['PCMA'], withPolicy('optional'));
    if (!result.ok) throw new Error(result.fault.message);
    const { sdp, agreed } = result.value;
    expect(sdp).toContain('m=audio 20000 RTP/SAVP 8\r\n');
    expect(sdp).toMatch(/a=crypto:7 AES_CM_128_HMAC_SHA1_32 inline:[A-Za-z0-9+/]{40}\r\n/);
    expect(sdp).not.toContain(KEY);
    expect(agreed.security?.remote.key.toString('latin1')).toBe('YS___semctl () {');
  });

  it('keeps its key over later offers, so that the packet counters go on', () => {
    const media = withPolicy('optional');
    const keyIn = (offer: string): string | undefined => {
      const result = answerRtpOffer(offer, ['PCMA'], media);
      return result.ok ? /inline:(\S+)/.exec(result.value.sdp)?.[1] : undefined;
    };
    const first = keyIn(securedOffer(`1 AES_CM_128_HMAC_SHA1_80 ${KEY}`));
    expect(first).toBeDefined();
    expect(keyIn(securedOffer(`2 AES_CM_128_HMAC_SHA1_80 ${KEY}`))).toBe(first);
  });

  it.each([
    ['a suite that nobody knows', `1 AES_CM_512 ${KEY}`],
    ['a key of the wrong length', '1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewk='],
    ['a key with an identifier, which packets would have to carry', `1 AES_CM_128_HMAC_SHA1_80 ${KEY}|2^20|1:4`],
    ['packets that are not encrypted', `1 AES_CM_128_HMAC_SHA1_80 ${KEY} UNENCRYPTED_SRTP`],
  ])('refuses %s', (_what, crypto) => {
    const result = answerRtpOffer(securedOffer(crypto), ['PCMA'], withPolicy('optional'));
    expect(result).toMatchObject({ ok: false, fault: { code: 'not_acceptable_media' } });
  });

  it('follows the policy: never, when the peer wants it, always', () => {
    const secured = securedOffer(`1 AES_CM_128_HMAC_SHA1_80 ${KEY}`);
    const plain = offerOf(['m=audio 4000 RTP/AVP 8']);
    const takes = (offer: string, policy: 'off' | 'optional' | 'required'): boolean =>
      answerRtpOffer(offer, ['PCMA'], withPolicy(policy)).ok;
    expect([takes(secured, 'off'), takes(plain, 'off')]).toEqual([false, true]);
    expect([takes(secured, 'optional'), takes(plain, 'optional')]).toEqual([true, true]);
    expect([takes(secured, 'required'), takes(plain, 'required')]).toEqual([true, false]);
    expect(makeRtpOffer(['PCMA'], withPolicy('optional'))).not.toContain('crypto');
  });

  it('offers every suite when it is required, and reads the answer', () => {
    const media = withPolicy('required');
    const offer = makeRtpOffer(['PCMA'], media);
    expect(offer).toContain('m=audio 20000 RTP/SAVP 8 101\r\n');
    expect(offer.match(/a=crypto:/g)).toHaveLength(5);
    const agreed = readRtpAnswer(securedOffer(`2 AES_CM_128_HMAC_SHA1_80 ${KEY}`), ['PCMA'], media);
    if (!agreed.ok || !agreed.value.security) throw new Error('not agreed');
    const { suite, own } = agreed.value.security;
    const sent = Buffer.concat([own.key, own.salt]).toString('base64');
    expect(offer).toContain(`a=crypto:2 ${suite.name} inline:${sent}\r\n`);
    expect(readRtpAnswer(offerOf(['m=audio 4000 RTP/AVP 8']), ['PCMA'], media).ok).toBe(false);
  });

  it('does not offer plain RTP to a peer that has a key of ours', () => {
    const media = withPolicy('optional');
    const answered = answerRtpOffer(securedOffer(`1 AES_CM_128_HMAC_SHA1_80 ${KEY}`), ['PCMA'], media);
    const own = answered.ok && /AES_CM_128_HMAC_SHA1_80 \S+/.exec(answered.value.sdp)?.[0];
    const offer = makeRtpOffer(['PCMA'], media);
    expect(offer).toContain('m=audio 20000 RTP/SAVP 8 101\r\n');
    expect(offer).toContain(`a=crypto:1 ${String(own)}\r\n`);
    const accepted = readRtpAnswer(securedOffer(`1 AES_CM_128_HMAC_SHA1_80 ${KEY}`), ['PCMA'], media);
    expect(accepted.ok && accepted.value.security?.suite.name).toBe('AES_CM_128_HMAC_SHA1_80');
    expect(readRtpAnswer(offerOf(['m=audio 4000 RTP/AVP 8']), ['PCMA'], media).ok).toBe(false);
  });

  it('an endpoint that goes on with a session offers the key that the peer has had, before all others', () => {
    const before = answerRtpOffer(securedOffer(`1 AES_CM_128_HMAC_SHA1_80 ${KEY}`), ['PCMA'], withPolicy('optional'));
    if (!before.ok) throw new Error(before.fault.message);
    const own = /AES_CM_128_HMAC_SHA1_80 \S+/.exec(before.value.sdp)?.[0];
    const security = new LocalSecurity('optional', { continues: before.value.sdp });
    const offer = makeRtpOffer(['PCMA'], { ...local(), security });
    expect(offer).toContain(`a=crypto:1 ${String(own)}\r\n`);
    expect(offer.match(/a=crypto:/g)).toHaveLength(5);
    expect(offer.split(String(own))).toHaveLength(2);
  });
});

describe('keys by DTLS (RFC 5763), and ICE (RFC 8839)', () => {
  const [OWN, THEIRS] = ['11', 'AB'].map((byte) => Array<string>(32).fill(byte).join(':')) as [string, string];
  const withDtls = (continues?: string): LocalMedia => ({
    ...local(),
    security: new LocalSecurity('optional', { fingerprint: OWN, continues }),
    ice: new IceLite(),
  });
  const dtlsOffer = (...lines: string[]): string => offerOf(['m=audio 4000 UDP/TLS/RTP/SAVP 8', ...lines]);
  const PRINT = `a=fingerprint:sha-256 ${THEIRS}`;

  it.each([
    ['actpass', 'passive', 'server'],
    ['active', 'passive', 'server'],
    ['passive', 'active', 'client'],
  ])('an offer with a=setup:%s is answered with %s', (offered, answered, role) => {
    const result = answerRtpOffer(dtlsOffer(PRINT, `a=setup:${offered}`), ['PCMA'], withDtls());
    if (!result.ok) throw new Error(result.fault.message);
    expect(result.value.sdp).toContain(`a=setup:${answered}\r\n`);
    expect(result.value.sdp).toContain(`a=fingerprint:sha-256 ${OWN}\r\n`);
    expect(result.value.agreed.dtls).toEqual({ fingerprint: { hash: 'sha256', value: THEIRS }, role });
  });

  it.each([
    ['no fingerprint', ['a=setup:actpass']],
    ['a fingerprint of a broken hash', [`a=fingerprint:md5 ${THEIRS.slice(0, 47)}`]],
    ['a fingerprint that is too short', [`a=fingerprint:sha-256 ${THEIRS.slice(3)}`]],
    ['a fingerprint that is none', ['a=fingerprint:sha-256 anything']],
    ['a role that does not exist', [PRINT, 'a=setup:holdconn']],
  ])('refuses %s', (_what, lines) => {
    const result = answerRtpOffer(dtlsOffer(...lines), ['PCMA'], withDtls());
    expect(result).toMatchObject({ ok: false, fault: { code: 'not_acceptable_media' } });
  });

  it.each([
    ['keys by DTLS', dtlsOffer(PRINT, 'a=setup:actpass'), 'UDP/TLS/RTP/SAVP', 'a=setup:actpass'],
    ['plain RTP', offerOf(['m=audio 4000 RTP/AVP 8']), 'RTP/AVP', 'a=sendrecv'],
  ])('an endpoint that goes on with a session of %s offers the same', (_what, offer, protocol, line) => {
    const before = answerRtpOffer(offer, ['PCMA'], withDtls());
    if (!before.ok) throw new Error(before.fault.message);
    const offered = makeRtpOffer(['PCMA'], withDtls(before.value.sdp));
    expect(offered).toContain(`m=audio 20000 ${protocol} 8 101\r\n`);
    expect(offered).toContain(`${line}\r\n`);
  });

  it.each([
    ['credentials', ['a=ice-ufrag:abcd', 'a=ice-pwd:abcdefghijklmnopqrstuv'], true],
    ['a password that is too short', ['a=ice-ufrag:abcd', 'a=ice-pwd:abcdefghijklmnopqrstu'], false],
    ['no user name', ['a=ice-pwd:abcdefghijklmnopqrstuv'], false],
    ['a user name that cannot be one', ['a=ice-ufrag:a b;c', 'a=ice-pwd:abcdefghijklmnopqrstuv'], false],
  ])('ICE with %s', (_what, lines, isAgreed) => {
    const result = answerRtpOffer(dtlsOffer(PRINT, ...lines), ['PCMA'], withDtls());
    if (!result.ok) throw new Error(result.fault.message);
    expect(result.value.agreed.ice).toBe(isAgreed);
    expect(/^a=ice-lite\r$/m.test(result.value.sdp)).toBe(isAgreed);
  });
});
