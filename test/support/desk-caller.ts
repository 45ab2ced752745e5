/**
 * The other party of the desk's calls: a second page of the same browser with a real WebRTC peer, whose offer reaches
 * the desk in a real INVITE and whose audio flows from browser to browser.
 */
import type { Page } from 'playwright-core';
import type { InboundCall } from './desk/center';
import type { PlacedCall } from './desk/sip-peer';
import type { DeskServer } from './desk-server';

declare global {
  interface Window {
    caller: { connection: RTCPeerConnection; loudness: () => number };
  }
}

const makeOffer = async (): Promise<string> => {
  const context = new AudioContext();
  const output = context.createMediaStreamDestination();
  const tone = context.createOscillator();
  tone.frequency.value = 1000;
  tone.connect(output);
  tone.start();
  const connection = new RTCPeerConnection();
  const transceiver = connection.addTransceiver(output.stream.getAudioTracks()[0] as MediaStreamTrack, {
    direction: 'sendrecv',
  });
  const g711 = RTCRtpSender.getCapabilities('audio')?.codecs.filter((codec) =>
    /PCM[AU]|telephone/.test(codec.mimeType),
  );
  transceiver.setCodecPreferences(g711 ?? []);
  const samples = new Float32Array(1024);
  const analyser = context.createAnalyser();
  analyser.fftSize = samples.length;
  connection.ontrack = ({ track }) => {
    const stream = new MediaStream([track]);
    const sink = new Audio();
    sink.muted = true;
    sink.srcObject = stream;
    void sink.play();
    context.createMediaStreamSource(stream).connect(analyser);
  };
  const loudness = (): number => {
    analyser.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);
  };
  window.caller = { connection, loudness };
  await connection.setLocalDescription();
  await new Promise<void>((resolve) => {
    if (connection.iceGatheringState === 'complete') resolve();
    connection.onicegatheringstatechange = () => connection.iceGatheringState === 'complete' && resolve();
  });
  return connection.localDescription?.sdp ?? '';
};

export interface DeskCall {
  readonly callId: string;
  readonly placed: PlacedCall;
}

export class DeskCaller {
  constructor(
    private readonly page: Page,
    private readonly desk: DeskServer,
  ) {
    desk.center.effects = {
      hangUp: (callId) => {
        const view = desk.center.calls.get(callId);
        const placed = this.calls.get(callId)?.placed;
        if (view?.direction === 'inbound' && view.state === 'ringing') placed?.cancel();
        else placed?.hangUp();
      },
      dial: (number) => void this.dialled(number),
    };
  }

  private readonly calls = new Map<string, DeskCall>();

  /** Rings the desk: the call's view over the event socket, its INVITE over SIP, its media from the caller's page. */
  async ring(inbound: InboundCall): Promise<DeskCall> {
    const sdp = await this.page.evaluate(makeOffer);
    const callId = this.desk.center.offer(inbound);
    return this.place(callId, { ...inbound, sdp });
  }

  /** The root mean square of what the caller hears, from 0 to 1: the loudest of a short while. */
  async hears(durationMs = 1500): Promise<number> {
    return this.page.evaluate(async (untilMs) => {
      const start = performance.now();
      let loudest = 0;
      while (performance.now() - start < untilMs) {
        loudest = Math.max(loudest, window.caller.loudness());
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return loudest;
    }, durationMs);
  }

  /** When the caller first hears something, in milliseconds since 1970; rejects after `withinMs`. */
  firstSound(withinMs = 5000): Promise<number> {
    return this.page.evaluate(async (limitMs) => {
      const start = performance.now();
      while (window.caller.loudness() < 0.02) {
        if (performance.now() - start > limitMs) throw new Error('the caller heard nothing');
        await new Promise((resolve) => setTimeout(resolve, 4));
      }
      return Date.now();
    }, withinMs);
  }

  /** Whether ICE and DTLS are done. */
  connected(): Promise<boolean> {
    return this.page.evaluate(() => window.caller.connection.connectionState === 'connected');
  }

  /** An INVITE that asks for an automatic answer, whether the agent has dialled or not. */
  async dialled(number: string): Promise<DeskCall> {
    const sdp = await this.page.evaluate(makeOffer);
    const callId = this.desk.center.outbound(number);
    return this.place(callId, { number, sdp, headers: ['X-Switchroom-Auto-Answer: yes'] });
  }

  private place(
    callId: string,
    invite: { number: string; displayName?: string; sdp: string; headers?: readonly string[] },
  ): DeskCall {
    const { number, displayName, sdp, headers = [] } = invite;
    const placed = this.desk.sip.invite({ callId, number, sdp, headers, ...(displayName ? { displayName } : {}) });
    const call = { callId, placed };
    this.calls.set(callId, call);
    void placed.early.then((answer) =>
      this.page.evaluate(
        (text) => window.caller.connection.setRemoteDescription({ type: 'answer', sdp: text }),
        answer,
      ),
    );
    placed.answered.then(
      () => this.desk.center.answered(callId),
      () => this.desk.center.ended(callId),
    );
    void placed.ended.then(() => {
      this.desk.center.ended(callId);
      return this.page.evaluate(() => window.caller.connection.close()).catch(() => undefined);
    });
    return call;
  }
}
