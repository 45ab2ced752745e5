/**
 * What runs inside the page: `ears.listen(name, stream)` records a stream's sound at 8 kHz, and `ears.toneTrack(hz)`
 * makes a microphone track without a device. Kept as text because the page has no bundler.
 */
export const EARS_SCRIPT = `
(() => {
  const RATE_HZ = 8000;
  const KEEP_SAMPLES = RATE_HZ * 120;
  const PROCESSOR = \`
    registerProcessor('ear', class extends AudioWorkletProcessor {
      process(inputs) {
        const samples = inputs[0][0];
        this.port.postMessage({ atMs: currentTime * 1000, samples: samples ? samples.slice() : new Float32Array(128) });
        return true;
      }
    });
  \`;
  let ready;
  const prepare = () => (ready ??= (async () => {
    const context = new AudioContext({ sampleRate: RATE_HZ, latencyHint: 0 });
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([PROCESSOR], { type: 'text/javascript' })));
    await context.resume();
    return context;
  })());
  const heard = new Map();

  const listen = async (name, stream) => {
    const context = await prepare();
    // A remote stream is decoded only while a media element plays it.
    const element = new Audio();
    element.muted = true;
    element.srcObject = stream;
    element.play().catch(() => undefined);
    const ear = { samples: [], count: 0, firstSoundAtMs: undefined, waiting: [], element };
    heard.set(name, ear);
    const node = new AudioWorkletNode(context, 'ear', { numberOfOutputs: 0 });
    node.port.onmessage = ({ data }) => {
      ear.samples.push(...data.samples);
      ear.count += data.samples.length;
      if (ear.samples.length > KEEP_SAMPLES) ear.samples.splice(0, ear.samples.length - KEEP_SAMPLES);
      if (ear.firstSoundAtMs === undefined && data.samples.some((sample) => Math.abs(sample) > 0.05)) {
        ear.firstSoundAtMs = performance.timeOrigin + performance.now();
        for (const resolve of ear.waiting.splice(0)) resolve(ear.firstSoundAtMs);
      }
    };
    context.createMediaStreamSource(stream).connect(node);
  };

  window.ears = {
    listen,
    /** The last count samples, at 8 kHz. */
    last: (name, count) => (heard.get(name)?.samples ?? []).slice(-count),
    /** Every sample since listening began that is still kept. */
    all: (name) => (heard.get(name)?.samples ?? []).slice(),
    /** Forgets what was heard, and the first sound. */
    clear: (name) => {
      const ear = heard.get(name);
      if (!ear) return;
      ear.samples = [];
      ear.firstSoundAtMs = undefined;
    },
    /** Wall-clock time in ms of the first sound above -26 dBFS; waits for it. */
    firstSound: (name) =>
      new Promise((resolve) => {
        const ear = heard.get(name);
        if (ear.firstSoundAtMs !== undefined) resolve(ear.firstSoundAtMs);
        else ear.waiting.push(resolve);
      }),
    /** A microphone track that is a sine. */
    toneTrack: async (frequencyHz, amplitude = 0.5) => {
      const context = new AudioContext();
      await context.resume();
      const oscillator = new OscillatorNode(context, { frequency: frequencyHz });
      const gain = new GainNode(context, { gain: amplitude });
      const out = context.createMediaStreamDestination();
      oscillator.connect(gain).connect(out);
      oscillator.start();
      return out.stream.getAudioTracks()[0];
    },
  };
})();
`;

export interface PageEars {
  listen(name: string, stream: MediaStream): Promise<void>;
  last(name: string, count: number): number[];
  all(name: string): number[];
  clear(name: string): void;
  firstSound(name: string): Promise<number>;
  toneTrack(frequencyHz: number, amplitude?: number): Promise<MediaStreamTrack>;
}

declare global {
  interface Window {
    ears: PageEars;
  }
}
