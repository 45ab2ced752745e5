/**
 * What runs inside the agent's page: it notes when the call rings, when the answer is clicked, when the page's
 * loudspeaker is let sound, and when sound begins in the call. Kept as text because the page has no bundler. All times
 * are the system clock's, in ms; the monotonic time of events is anchored to it at each {@link AgentProbe.reset}.
 */
export const AGENT_PROBE = `
(() => {
  /** Above this a sample is sound: -26 dBFS. */
  const SOUND_PEAK = 0.05;
  /** Sound begins anew after so much silence. */
  const SILENCE_MS = 100;
  const PROCESSOR = \`
    registerProcessor('sound-detector', class extends AudioWorkletProcessor {
      process([[samples]]) {
        if (!samples?.some((sample) => Math.abs(sample) > \${SOUND_PEAK})) return true;
        const nowMs = Date.now();
        if (!(nowMs - this.lastSoundMs < \${SILENCE_MS})) this.port.postMessage(nowMs);
        this.lastSoundMs = nowMs;
        return true;
      }
    });
  \`;
  let marks = {};
  let anchorMs = 0;
  const waiting = new Map();

  /** The first time counts. */
  const mark = (name, atMs) => {
    if (marks[name] !== undefined) return;
    marks[name] = atMs;
    waiting.get(name)?.(atMs);
    waiting.delete(name);
  };

  const ringing = () => document.querySelector('[data-testid="call-status"]')?.dataset.state === 'ringing';
  new MutationObserver(() => {
    if (marks.rangAtMs === undefined && ringing()) mark('rangAtMs', Date.now());
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state'] });

  document.addEventListener('click', (event) => {
    if (event.target.closest?.('[data-testid="call-answer"]')) mark('clickedAtMs', anchorMs + event.timeStamp);
  }, { capture: true });

  const muted = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'muted');
  Object.defineProperty(HTMLMediaElement.prototype, 'muted', {
    ...muted,
    set(value) {
      muted.set.call(this, value);
      if (!value && this.srcObject) mark('unmutedAtMs', Date.now());
    },
  });

  let detector;
  const prepare = () => (detector ??= (async () => {
    const context = new AudioContext({ latencyHint: 'interactive' });
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([PROCESSOR], { type: 'text/javascript' })));
    await context.resume();
    const node = new AudioWorkletNode(context, 'sound-detector', { numberOfOutputs: 0, channelCount: 1 });
    node.port.onmessage = ({ data }) =>
      mark(marks.clickedAtMs === undefined ? 'soundBeforeClickAtMs' : 'soundAtMs', data);
    return { context, node };
  })());

  let source;
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(...args) {
      super(...args);
      this.addEventListener('track', async ({ track }) => {
        const { context, node } = await prepare();
        source?.disconnect();
        source = context.createMediaStreamSource(new MediaStream([track]));
        source.connect(node);
      });
    }
  };

  window.agentProbe = {
    prepare: async () => void (await prepare()),
    reset: () => {
      marks = {};
      waiting.clear();
      anchorMs = Date.now() - performance.now();
    },
    until: (name) =>
      marks[name] === undefined ? new Promise((resolve) => waiting.set(name, resolve)) : Promise.resolve(marks[name]),
    marks: () => marks,
  };
})();
`;

export interface AgentMarks {
  /** The desk has begun to show a ringing call (the document has changed; the picture follows with the next frame). */
  readonly rangAtMs?: number;
  /** The browser took the click on answer. */
  readonly clickedAtMs?: number;
  /** The page has let its loudspeaker sound. */
  readonly unmutedAtMs?: number;
  /** Sound began in the call after the click. */
  readonly soundAtMs?: number;
  /** There must be none: the caller is not connected before the click. */
  readonly soundBeforeClickAtMs?: number;
}

export interface AgentProbe {
  /** Opens the audio context, so that no call waits for it. */
  prepare(): Promise<void>;
  /** Forgets everything and anchors the clock. */
  reset(): void;
  /** Resolves with the time as soon as it is known. */
  until(name: keyof AgentMarks): Promise<number>;
  marks(): AgentMarks;
}

declare global {
  interface Window {
    agentProbe: AgentProbe;
  }
}
