import { chromium } from 'playwright-core';
import { CHROMIUM_CURE, findChromium } from '../setup/chromium.mjs';

const TONE_HZ = 440;
const LISTEN_MS = 2_000;
const ULAW_CLOCK_HZ = 8000;
const CHROMIUM_ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--autoplay-policy=no-user-gesture-required',
];

/**
 * A page sends a tone to the worker, which sends it back to the page.
 * @param {{ worker: import('mediasoup').types.Worker, router: import('mediasoup').types.Router }} media
 * @returns {Promise<{ tone_hz: number, packets_in: number, packets_back: number, energy_back: number }>}
 * @throws {Error} when one direction stays silent
 */
export async function echoToneThroughChromium({ worker, router }) {
  const listenInfos = [{ protocol: 'udp', ip: '127.0.0.1', port: 0 }];
  const webRtcServer = await worker.createWebRtcServer({ listenInfos });
  const transport = await router.createWebRtcTransport({ webRtcServer, enableUdp: true });
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGUMENTS });
  try {
    const page = await browser.newPage();
    const offer = readOffer(await page.evaluate(sendTone, TONE_HZ));
    const { producer, consumer } = await echo({ router, transport, offer });
    const packets = await listen({ router, producer });
    await page.evaluate(acceptAnswer, answerSdp({ transport, consumer, offer }));
    await new Promise((resolve) => setTimeout(resolve, LISTEN_MS));
    const back = await page.evaluate(receivedAudio);
    const heard = {
      tone_hz: toneOf(packets),
      packets_in: packets.length,
      packets_back: back.packetsReceived,
      energy_back: back.totalAudioEnergy,
    };
    if (Math.abs(heard.tone_hz - TONE_HZ) > 20)
      throw new Error(`the worker did not hear the tone: ${JSON.stringify(heard)}`);
    if (!(heard.energy_back > 0)) throw new Error(`the page did not hear the tone: ${JSON.stringify(heard)}`);
    return heard;
  } finally {
    await browser.close();
  }
}

function chromiumPath() {
  const found = findChromium(process.env);
  if ('why' in found) throw new Error(`${found.why}: sudo apt-get install chromium, or ${CHROMIUM_CURE}`);
  return found.path;
}

async function echo({ router, transport, offer }) {
  await transport.connect({ dtlsParameters: { role: 'client', fingerprints: [offer.fingerprint] } });
  const codecs = [{ mimeType: 'audio/PCMU', payloadType: 0, clockRate: ULAW_CLOCK_HZ, channels: 1 }];
  const rtpParameters = { mid: '0', codecs, encodings: [{ ssrc: offer.ssrc }] };
  const producer = await transport.produce({ kind: 'audio', rtpParameters });
  const { rtpCapabilities } = router;
  const consumer = await transport.consume({ producerId: producer.id, rtpCapabilities, mid: '0' });
  return { producer, consumer };
}

/** Every packet that the worker takes from the browser, decrypted. */
async function listen({ router, producer }) {
  const direct = await router.createDirectTransport();
  const tap = await direct.consume({ producerId: producer.id, rtpCapabilities: router.rtpCapabilities });
  const packets = [];
  tap.on('rtp', (packet) => packets.push(packet));
  return packets;
}

function readOffer(sdp) {
  const [, algorithm, value] = /^a=fingerprint:(\S+) (\S+)/m.exec(sdp);
  const ssrc = Number(/^a=ssrc:(\d+)/m.exec(sdp)[1]);
  const mid = /^a=mid:(\S+)/m.exec(sdp)[1];
  return { fingerprint: { algorithm, value }, ssrc, mid };
}

function answerSdp({ transport, consumer, offer }) {
  const { iceParameters, iceCandidates, dtlsParameters } = transport;
  const fingerprint = dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
  const [{ ssrc }] = consumer.rtpParameters.encodings;
  const candidates = iceCandidates.map(
    ({ foundation, priority, address, port }) =>
      `a=candidate:${foundation} 1 udp ${priority} ${address} ${port} typ host`,
  );
  return [
    ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=ice-lite'],
    ...['m=audio 9 UDP/TLS/RTP/SAVPF 0', 'c=IN IP4 127.0.0.1', `a=mid:${offer.mid}`, 'a=sendrecv', 'a=rtcp-mux'],
    ...[`a=ice-ufrag:${iceParameters.usernameFragment}`, `a=ice-pwd:${iceParameters.password}`, ...candidates],
    ...[`a=fingerprint:sha-256 ${fingerprint.value}`, 'a=setup:passive', 'a=rtpmap:0 PCMU/8000'],
    ...[`a=ssrc:${ssrc} cname:${consumer.rtpParameters.rtcp.cname}`, ''],
  ].join('\r\n');
}

/** The frequency from the tone's changes of sign: µ-law's first bit is the sign. */
function toneOf(packets) {
  const samples = Buffer.concat(packets.map((packet) => packet.subarray(12)));
  let changes = 0;
  for (let at = 1; at < samples.length; at += 1) if ((samples[at] ^ samples[at - 1]) & 0x80) changes += 1;
  return samples.length === 0 ? 0 : Math.round((changes / 2 / samples.length) * ULAW_CLOCK_HZ);
}

// The three functions below run in the page.
/* global AudioContext, RTCPeerConnection, document, window */

async function sendTone(toneHz) {
  const context = new AudioContext();
  const tone = new OscillatorNode(context, { frequency: toneHz });
  const sink = context.createMediaStreamDestination();
  tone.connect(sink);
  tone.start();
  window.peer = new RTCPeerConnection();
  window.peer.ontrack = ({ track, streams }) => {
    const audio = document.body.appendChild(document.createElement('audio'));
    audio.autoplay = true;
    audio.srcObject = streams[0] ?? new MediaStream([track]);
  };
  window.peer.addTrack(sink.stream.getAudioTracks()[0], sink.stream);
  await window.peer.setLocalDescription();
  return window.peer.localDescription.sdp;
}

function acceptAnswer(sdp) {
  return window.peer.setRemoteDescription({ type: 'answer', sdp });
}

async function receivedAudio() {
  const stats = [...(await window.peer.getStats()).values()];
  const { packetsReceived = 0, totalAudioEnergy = 0 } = stats.find(({ type }) => type === 'inbound-rtp') ?? {};
  return { packetsReceived, totalAudioEnergy };
}
