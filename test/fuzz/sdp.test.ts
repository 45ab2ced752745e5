/** 100,000 mutated descriptions: each is answered with an SDP that can be read again, or refused with a reason. */
import { SeededRandom } from '../../base/random';
import type { Fault } from '../../base/result';
import { IceLite } from '../../media/ice/ice-lite';
import { LocalOrigin } from '../../media/sdp/local-origin';
import { answerRtpOffer, readRtpAnswer } from '../../media/sdp/rtp-negotiation';
import { LocalSecurity } from '../../media/sdp/local-security';
import type { TransportAddress } from '../../media/sdp/rtp-remote';
import { mutateText } from '../support/mutate';

const MESSAGES = 100_000;
const SEED = 20_260_102;

const FINGERPRINT = Array<string>(32).fill('AB').join(':');

const SAMPLES = [
  'v=0\r\no=carrier 53655765 2353687637 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n' +
    'm=audio 49172 RTP/AVP 8 0 18 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:18 G729/8000\r\n' +
    'a=fmtp:18 annexb=no\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n',
  'v=0\no=- 1 1 IN IP6 2001:db8::1\ns=call\nt=0 0\nm=audio 5004 RTP/AVP 0\nc=IN IP6 2001:db8::1\na=rtcp-mux\n' +
    'a=rtcp:5010 IN IP6 2001:db8::2\na=sendonly\nm=video 5006 RTP/AVP 96\na=rtpmap:96 H264/90000\n',
  'v=0\r\no=- 7 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\na=inactive\r\n' +
    'm=image 0 udptl t38\r\nm=audio 4000 RTP/AVP 97 8 96\r\na=rtpmap:97 opus/48000/2\r\na=rtpmap:96 telephone-event/8000\r\n',
  'v=0\r\no=- 7 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\nm=audio 4000 RTP/SAVP 8\r\n' +
    'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20\r\n' +
    'a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj|2^20|1:4 WSH=64\r\n',
  // DTLS-SRTP with ICE, and one line for each way to write it.
  'v=0\r\no=- 7 1 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\na=ice-ufrag:abcd\r\n' +
    `a=ice-pwd:abcdefghijklmnopqrstuv\r\nm=audio 4000 UDP/TLS/RTP/SAVP 8\r\na=fingerprint:sha-256 ${FINGERPRINT}\r\n` +
    'a=setup:active\r\na=rtcp-mux\r\na=candidate:1 1 UDP 2130706431 198.51.100.7 4000 typ host\r\n',
  'v=0\r\no=- 7 1 IN IP6 2001:db8::7\r\ns=-\r\nc=IN IP6 2001:DB8:0:0::7\r\nt=0 0\r\na=group:BUNDLE 0\r\n' +
    `a=fingerprint:SHA-256 ${FINGERPRINT.toLowerCase()}\r\na=setup:actpass\r\n` +
    'm=audio 4000 UDP/TLS/RTP/SAVPF 0 8\r\na=mid:0\r\na=ice-ufrag:1234\r\na=ice-pwd:1234567890123456789012\r\n' +
    'a=candidate:1 1 UDP 2130706431 2001:db8::7 4000 typ host\r\na=candidate:2 1 TCP 1 192.0.2.1 9 typ host tcptype active\r\n' +
    'a=candidate:3 2 UDP 1694498814 2001:db8::7 4001 typ srflx raddr 0.0.0.0 rport 9\r\na=end-of-candidates\r\n',
].map((text) => Buffer.from(text, 'utf8'));

it('mutated offers and answers are refused with a reason, or answered', () => {
  const random = new SeededRandom(SEED);
  let answered = 0;
  Object.assign(agreements, { dtls: 0, ice: 0 });
  for (let count = 0; count < MESSAGES; count += 1) {
    const mutant = mutateText(SAMPLES, random).toString('utf8');
    try {
      if (count % 2 === 0 ? survivesAsOffer(mutant) : survivesAsAnswer(mutant)) answered += 1;
    } catch (error) {
      throw new Error(`seed ${SEED}, message ${count}: ${JSON.stringify(mutant)}`, { cause: error });
    }
  }
  expect(answered).toBeGreaterThan(MESSAGES / 10);
  expect(answered).toBeLessThan(MESSAGES);
  expect(agreements.dtls).toBeGreaterThan(MESSAGES / 50);
  expect(agreements.ice).toBeGreaterThan(MESSAGES / 100);
});

/** How many mutants led to DTLS and to ICE all the same. */
const agreements = { dtls: 0, ice: 0 };

/** Of the family that the mutant speaks of. */
const ownAddressFor = (mutant: string): TransportAddress => ({
  address: /^c=IN IP6/m.test(mutant) ? '::1' : '127.0.0.1',
  port: 4000,
});

const security = new LocalSecurity('optional', { fingerprint: FINGERPRINT });
const ice = new IceLite();
const awaitsDtls = new LocalSecurity('required', { keys: 'dtls', fingerprint: FINGERPRINT });

function survivesAsAnswer(mutant: string): boolean {
  for (const one of [security, awaitsDtls]) {
    const rtp = ownAddressFor(mutant);
    const agreed = readRtpAnswer(mutant, ['PCMA', 'PCMU'], { rtp, security: one, telephoneEvents: true, ice });
    if (agreed.ok) return true;
    refusedClearly(agreed.fault);
  }
  return false;
}

function survivesAsOffer(mutant: string): boolean {
  const rtp = ownAddressFor(mutant);
  const local = { rtp, rtcpPort: 4001, origin: new LocalOrigin(), security, telephoneEvents: true, ice };
  const answer = answerRtpOffer(mutant, ['PCMA', 'PCMU'], local);
  if (!answer.ok) return refusedClearly(answer.fault);
  const { agreed } = answer.value;
  const { sdp } = answer.value;
  // The choice is not left open once more (RFC 5763, 5).
  if (agreed.dtls && !/^a=setup:(active|passive)\r$/m.test(sdp)) throw new Error('nobody begins');
  if (agreed.ice !== /^a=candidate:/m.test(sdp) || agreed.ice !== /^a=ice-lite\r$/m.test(sdp))
    throw new Error('half ICE');
  if (agreed.dtls) agreements.dtls += 1;
  if (agreed.ice) agreements.ice += 1;
  const secured = agreed.dtls ? awaitsDtls : new LocalSecurity(agreed.security ? 'required' : 'off');
  const own = readRtpAnswer(sdp, ['PCMA', 'PCMU'], { rtp, security: secured, telephoneEvents: true });
  if (!own.ok || own.value.codec !== agreed.codec) throw new Error('our answer cannot be read');
  return true;
}

function refusedClearly({ code, message }: Fault): false {
  if (code !== 'bad_input' && code !== 'not_acceptable_media') throw new Error(`refused with ${code}`);
  if (message.length < 10) throw new Error('refused without a reason');
  return false;
}
