/** The figures of the running app, as Prometheus reads them (docs/metrics.md). */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface WatchFigures {
  readonly registry: Registry;
  /** A caller has heard the first voice. */
  voiceHeard(waitMs: number): void;
  /** A caller heard no voice in time. */
  voiceLate(): void;
}

/** In seconds: fine around what is wanted, and the limit of 20 s among them. */
const VOICE_ANSWER_BOUNDS = [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 15, 20, 30, 60];

/** @param alarmsStanding asked at each reading. */
export const watchFigures = (alarmsStanding: () => number): WatchFigures => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'switchroom_alarms_standing',
    help: 'Alarms that stand.',
    registers,
    collect() {
      this.set(alarmsStanding());
    },
  });
  const waits = new Histogram({
    name: 'switchroom_voice_answer_seconds',
    help: 'From the arrival of a call to the first voice that its caller hears.',
    buckets: VOICE_ANSWER_BOUNDS,
    registers,
  });
  const late = new Counter({
    name: 'switchroom_voice_answer_late_total',
    help: 'Calls whose callers heard no voice in time.',
    registers,
  });
  return {
    registry,
    voiceHeard: (waitMs) => waits.observe(waitMs / 1_000),
    voiceLate: () => late.inc(),
  };
};
