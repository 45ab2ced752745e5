/** Descriptions that Chromium 156 wrote, and a local side to answer them with. */
import type { LocalSession } from '../../../media/sdp/write-webrtc';

const crlf = (lines: string): string =>
  lines
    .trim()
    .split('\n')
    .map((line) => `${line.trim()}\r\n`)
    .join('');

export const CHROMIUM_ANSWER = crlf(`
  v=0
  o=- 4505559455744440276 2 IN IP4 127.0.0.1
  s=-
  t=0 0
  a=group:BUNDLE 0
  a=msid-semantic: WMS
  m=audio 9 UDP/TLS/RTP/SAVPF 8 101
  c=IN IP4 0.0.0.0
  a=rtcp:9 IN IP4 0.0.0.0
  a=ice-ufrag:kzHo
  a=ice-pwd:i4cMTD93gZeXn3uDxhSEjbiq
  a=ice-options:trickle
  a=fingerprint:sha-256 D3:06:9F:B0:A7:97:7B:D2:A2:F8:31:7F:51:73:AC:71:08:BF:A8:DB:FD:4F:72:63:39:40:10:2C:6F:BF:D6:F9
  a=setup:active
  a=mid:0
  a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid
  a=sendrecv
  a=msid:- b07e9d88-c313-4d37-a94d-f51767c48535
  a=rtcp-mux
  a=rtcp-rsize
  a=rtpmap:8 PCMA/8000
  a=rtpmap:101 telephone-event/8000
  a=ssrc:3874153825 cname:G/YIhvT3pajcUqyq
`);

const OFFERED_TRANSPORT = `
  a=ice-ufrag:M6sQ
  a=ice-pwd:3iKF4KvCYDNPcrahelHCASpu
  a=ice-options:trickle
  a=fingerprint:sha-256 07:7C:C7:98:6F:46:53:D7:6F:62:07:FD:14:69:6A:27:C5:79:38:23:D0:2C:DE:74:13:D8:D0:BB:D6:3C:78:55
  a=setup:actpass`;

const OFFERED_AUDIO = `
  a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
  a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
  a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
  a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
  a=sendrecv
  a=msid:- e2184643-edd8-4fb9-a1dc-bc4f6ec57732
  a=rtcp-mux
  a=rtcp-rsize
  a=rtpmap:111 opus/48000/2
  a=rtcp-fb:111 transport-cc
  a=fmtp:111 minptime=10;useinbandfec=1
  a=rtpmap:63 red/48000/2
  a=fmtp:63 111/111
  a=rtpmap:9 G722/8000
  a=rtpmap:0 PCMU/8000
  a=rtpmap:8 PCMA/8000
  a=rtpmap:13 CN/8000
  a=rtpmap:110 telephone-event/48000
  a=rtpmap:126 telephone-event/8000
  a=ssrc:1008590166 cname:csc9Pn8h+3auRCcI
  a=ssrc:1008590166 msid:- e2184643-edd8-4fb9-a1dc-bc4f6ec57732`;

export const CHROMIUM_OFFER = crlf(`
  v=0
  o=- 7323596646164611208 2 IN IP4 127.0.0.1
  s=-
  t=0 0
  a=group:BUNDLE 0
  a=extmap-allow-mixed
  a=msid-semantic: WMS
  m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
  c=IN IP4 0.0.0.0
  a=rtcp:9 IN IP4 0.0.0.0
  ${OFFERED_TRANSPORT.trim()}
  a=mid:0
  ${OFFERED_AUDIO.trim()}
`);

/** As with bundlePolicy "max-bundle": only the first section has a transport, the audio is bundle-only. */
export const CHROMIUM_VIDEO_FIRST_OFFER = crlf(`
  v=0
  o=- 7323596646164611208 2 IN IP4 127.0.0.1
  s=-
  t=0 0
  a=group:BUNDLE v a
  a=msid-semantic: WMS
  m=video 9 UDP/TLS/RTP/SAVPF 96 97
  c=IN IP4 0.0.0.0
  ${OFFERED_TRANSPORT.trim()}
  a=mid:v
  a=recvonly
  a=rtcp-mux
  a=rtpmap:96 VP8/90000
  a=rtpmap:97 rtx/90000
  m=audio 0 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
  c=IN IP4 0.0.0.0
  a=bundle-only
  a=mid:a
  ${OFFERED_AUDIO.trim()}
`);

export const LOCAL_SESSION: LocalSession = {
  sessionId: '4711',
  version: 1,
  ice: { usernameFragment: 'ours', password: 'a-password-of-ours-that-is-long', iceLite: true },
  candidates: [
    {
      foundation: 'udpcandidate',
      priority: 1076558079,
      ip: '192.0.2.7',
      address: '192.0.2.7',
      protocol: 'udp',
      port: 40000,
      type: 'host',
    },
    {
      foundation: 'tcpcandidate',
      priority: 1076276479,
      ip: '192.0.2.7',
      address: '192.0.2.7',
      protocol: 'tcp',
      port: 40000,
      type: 'host',
      tcpType: 'passive',
    },
  ],
  fingerprint: { algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') },
  ssrc: 124295288,
  cname: '40afb18f',
  streamId: 'c63e24133b462502',
};
