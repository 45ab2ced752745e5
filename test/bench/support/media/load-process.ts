/** The load's own process: opens its telephones, sends when told, and says what came of it. */
import { loadOpus } from '../../../../media/codec/opus';
import { quantilesOf } from '../percentiles';
import { BrowserLegs } from './browser-legs';
import { LoadLeg } from './load-leg';
import { voiceOf } from './voice';
import type { BrowserAnswer, BrowserOffer, LegPlan, LoadReport } from './load-messages';

/** The word on the command line that makes a process the load. */
export const LOAD_ROLE = 'load-of-media';

const FRAME_MS = 20;
/** Each telephone speaks at a millisecond of its own within the 20, as strangers do. */
const SLOTS = 20;

class Load {
  private legs: LoadLeg[] = [];
  private browsers: BrowserLegs | undefined;
  private timer: NodeJS.Timeout | undefined;

  async open(plans: readonly LegPlan[]): Promise<void> {
    if (plans.some(({ codec }) => codec === 'OPUS')) await loadOpus();
    for (const plan of plans) {
      const { kind, codec, payloadType, talks } = plan;
      this.legs.push(await LoadLeg.open(await voiceOf(kind, codec, { payloadType, talks })));
    }
    if (plans.some(({ browser }) => browser)) this.browsers = await BrowserLegs.open();
    plans.forEach(({ hears }, index) => {
      const leg = this.legs[index];
      if (leg && hears !== undefined) leg.hears = this.legs[hears];
    });
  }

  /** The answer to the offer that the product makes to a leg of a browser's kind, and where the leg sends. */
  async answer({ index, offer }: BrowserOffer): Promise<BrowserAnswer> {
    const leg = this.legs[index];
    if (!leg || !this.browsers) throw new RangeError(`leg ${index} is none of a browser's`);
    const { answer, port } = await this.browsers.answer(offer, leg.streamId);
    return { answer, port };
  }

  ports(): number[] {
    return this.legs.map(({ port }) => port);
  }

  begin(remotePorts: readonly number[]): void {
    this.legs.forEach((leg, index) => leg.connectTo(remotePorts[index] ?? 0));
    const startedMs = performance.now();
    let slotsDone = 0;
    this.timer = setInterval(() => {
      const due = Math.floor(((performance.now() - startedMs) * SLOTS) / FRAME_MS);
      for (; slotsDone < due; slotsDone += 1)
        for (let index = slotsDone % SLOTS; index < this.legs.length; index += SLOTS) this.legs[index]?.sendFrame();
    }, 1);
  }

  reset(): void {
    for (const leg of this.legs) leg.reset();
  }

  report(): LoadReport {
    const sum = (count: (leg: LoadLeg) => number): number => this.legs.reduce((total, leg) => total + count(leg), 0);
    const latenciesMs = this.legs.flatMap(({ counts }) => counts.latenciesMs);
    return {
      sent: sum(({ counts }) => counts.sent),
      received: sum(({ counts }) => counts.received),
      lost: sum(({ counts }) => counts.lost),
      ...(latenciesMs.length > 0 && { latencyMs: quantilesOf(latenciesMs, { p50: 0.5, p99: 0.99, max: 1 }, 2) }),
    };
  }

  close(): void {
    clearInterval(this.timer);
    for (const leg of this.legs) leg.close();
    this.browsers?.close();
  }
}

type Order =
  | { readonly type: 'start'; readonly config: { readonly legs: readonly LegPlan[] } }
  | { readonly type: 'ports' | 'reset' | 'report' | 'stop' }
  | { readonly type: 'answer'; readonly payload: BrowserOffer }
  | { readonly type: 'begin'; readonly payload: readonly number[] };

export const runLoad = (): void => {
  const load = new Load();
  const answer = (type: string, value: unknown): void => void process.send?.({ type: `${type}-answer`, answer: value });
  process.on('message', (order: Order) => {
    switch (order.type) {
      case 'start':
        void load.open(order.config.legs).then(() => process.send?.({ type: 'ready' }));
        return;
      case 'ports':
        return answer('ports', load.ports());
      case 'answer':
        void load.answer(order.payload).then((made) => answer('answer', made));
        return;
      case 'begin':
        return answer('begin', load.begin(order.payload));
      case 'reset':
        return answer('reset', load.reset());
      case 'report':
        return answer('report', load.report());
      case 'stop':
        load.close();
        process.exit();
    }
  });
};
