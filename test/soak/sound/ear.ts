/** The last fifth of a second that one party has heard. */
import { WINDOW_SAMPLES } from './voices';

/** Who gets no packets for so long hears nothing. */
const SILENT_AFTER_MS = 250;
/** Of 10 ms each at least. */
const MOST_PACKETS = 20;
const NOTHING = new Int16Array(0);

/** What a packet says. Undefined when it cannot be opened. */
type Opener = () => Int16Array | undefined;

export class Ear {
  /** The newest last; those that nobody has looked at are still closed. */
  private readonly packets: (Int16Array | Opener)[] = [];
  private lastMs = -Infinity;

  /** Samples of one packet, 8 kHz, in the order of arrival; they must stay as they are. Opened when somebody looks. */
  take(packet: Int16Array | Opener): void {
    this.packets.push(packet);
    if (this.packets.length > MOST_PACKETS) this.packets.shift();
    this.lastMs = performance.now();
  }

  /** Oldest first. */
  get window(): Int16Array {
    const window = new Int16Array(WINDOW_SAMPLES);
    if (performance.now() - this.lastMs > SILENT_AFTER_MS) return window;
    let free = WINDOW_SAMPLES;
    for (let index = this.packets.length - 1; index >= 0 && free > 0; index -= 1) {
      const samples = this.opened(index);
      const fitting = samples.length > free ? samples.subarray(samples.length - free) : samples;
      free -= fitting.length;
      window.set(fitting, free);
    }
    return window;
  }

  private opened(index: number): Int16Array {
    const packet = this.packets[index] ?? NOTHING;
    if (packet instanceof Int16Array) return packet;
    const samples = packet() ?? NOTHING;
    this.packets[index] = samples;
    return samples;
  }
}
