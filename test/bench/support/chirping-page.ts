/**
 * What runs inside the agent's page: the microphone is chirps of known times instead of a device, and the times at which
 * chirps leave the call's jitter buffer are noted. Kept as text because the page has no bundler. All times are the system
 * clock's, in ms.
 */
import type { Page } from 'playwright-core';
import { CHIRP_HZ, CHIRP_MS, CHIRP_PERIOD_MS } from './chirps';

export const CHIRPING_PAGE = `
(() => {
  const PROCESSOR = \`
    registerProcessor('chirp-ear', class extends AudioWorkletProcessor {
      process([[samples]]) {
        if (!samples?.some((sample) => Math.abs(sample) > 0.05)) return true;
        const nowMs = Date.now();
        if (!(nowMs - this.lastSoundMs < 200)) this.port.postMessage(nowMs);
        this.lastSoundMs = nowMs;
        return true;
      }
    });
  \`;
  const heardMs = [];
  const context = new AudioContext({ latencyHint: 'interactive' });
  const mouth = context.createMediaStreamDestination();
  const ear = (async () => {
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([PROCESSOR], { type: 'text/javascript' })));
    const node = new AudioWorkletNode(context, 'chirp-ear', { numberOfOutputs: 0, channelCount: 1 });
    node.port.onmessage = ({ data }) => heardMs.push(data);
    return node;
  })();
  navigator.mediaDevices.getUserMedia = async () => new MediaStream(mouth.stream.getAudioTracks());
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...args) {
      super(...args);
      this.addEventListener('track', async ({ track }) =>
        context.createMediaStreamSource(new MediaStream([track])).connect(await ear));
    }
  };
  /** Says so many chirps from half a second on; gives the times at which they begin. */
  const chirp = async (count) => {
    await context.resume();
    const [clockS, nowMs] = [context.currentTime, Date.now()];
    return Array.from({ length: count }, (_, index) => {
      const inS = 0.5 + (index * ${CHIRP_PERIOD_MS}) / 1000;
      const tone = new OscillatorNode(context, { frequency: ${CHIRP_HZ} });
      const volume = new GainNode(context, { gain: 0.3 });
      tone.connect(volume).connect(mouth);
      tone.start(clockS + inS);
      tone.stop(clockS + inS + ${CHIRP_MS} / 1000);
      return nowMs + inS * 1000;
    });
  };
  window.chirping = { chirp, heardMs: () => heardMs };
})();
`;

interface Chirping {
  chirp(count: number): Promise<number[]>;
  heardMs(): number[];
}

declare global {
  interface Window {
    chirping: Chirping;
  }
}

/** Resolves at once with the times at which the agent will begin to say each chirp. */
export const agentChirps = (page: Page, count: number): Promise<number[]> =>
  page.evaluate((many) => window.chirping.chirp(many), count);

/** When chirps were heard in the page. */
export const heardInPage = (page: Page): Promise<number[]> => page.evaluate(() => window.chirping.heardMs());
