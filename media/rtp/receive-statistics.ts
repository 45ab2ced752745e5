/** What a receiver knows of one incoming stream: loss and jitter as RFC 3550 (sections 6.4.1, A.1, A.3, A.8) has them. */
import { sequenceDistance, wrapSequence } from './sequence';

/** A jump further than this is a restart of the sender, not a loss (A.1's MAX_DROPOUT), when a second packet confirms it. */
const MAX_DROPOUT = 3000;
/** Packets that are older than this are not late but of another numbering (A.1's MAX_MISORDER). */
const MAX_MISORDER = 100;

interface Numbering {
  baseExtended: number;
  highestExtended: number;
  received: number;
}

export interface ReceivedPacketFacts {
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly arrivalMs: number;
}

/** The counters of one report interval. */
export interface LossReport {
  /** In 1/256. */
  readonly fractionLost: number;
  readonly cumulativeLost: number;
  readonly extendedHighestSequence: number;
}

export class ReceiveStatistics {
  private numbering: Numbering | undefined;
  /** Loss of numberings that have ended by a restart. */
  private earlierLost = 0;
  private jitterUnits = 0;
  private lastTransit: number | undefined;
  /** The number that would confirm that the sender has begun anew (A.1's bad_seq). */
  private restartsWith: number | undefined;
  private reportedExpected = 0;
  private reportedReceived = 0;

  /** @param clockRateHz of the stream's timestamps. */
  constructor(private readonly clockRateHz: number) {}

  /** @param countsForJitter false for packets whose timestamp is not that of their sending, such as RFC 4733 events. */
  note({ sequenceNumber, timestamp, arrivalMs }: ReceivedPacketFacts, countsForJitter: boolean): void {
    if (!this.count(sequenceNumber) || !countsForJitter) return;
    const arrivalUnits = (arrivalMs * this.clockRateHz) / 1000;
    const transit = (Math.round(arrivalUnits) - timestamp) | 0;
    if (this.lastTransit !== undefined) {
      const difference = Math.abs((transit - this.lastTransit) | 0);
      // A second of transit change is a jump of the sender's clock, not jitter.
      if (difference < this.clockRateHz) this.jitterUnits += (difference - this.jitterUnits) / 16;
    }
    this.lastTransit = transit;
  }

  /** Packets expected but not received, never negative. */
  get lost(): number {
    return Math.max(0, this.signedLost);
  }

  get jitterMs(): number {
    return (this.jitterUnits * 1000) / this.clockRateHz;
  }

  get jitter(): number {
    return Math.round(this.jitterUnits);
  }

  /** The numbers for a report block; begins a new interval. */
  takeReport(): LossReport {
    const { numbering } = this;
    const expected = numbering ? numbering.highestExtended - numbering.baseExtended + 1 : 0;
    const received = numbering?.received ?? 0;
    const expectedInInterval = expected - this.reportedExpected;
    const lostInInterval = expectedInInterval - (received - this.reportedReceived);
    this.reportedExpected = expected;
    this.reportedReceived = received;
    const fraction = expectedInInterval > 0 && lostInInterval > 0 ? (lostInInterval * 256) / expectedInInterval : 0;
    return {
      fractionLost: Math.min(255, Math.floor(fraction)),
      cumulativeLost: this.signedLost,
      extendedHighestSequence: (numbering?.highestExtended ?? 0) >>> 0,
    };
  }

  private get signedLost(): number {
    const { numbering } = this;
    if (!numbering) return this.earlierLost;
    return this.earlierLost + numbering.highestExtended - numbering.baseExtended + 1 - numbering.received;
  }

  /** False for a stray, which is left out. */
  private count(sequenceNumber: number): boolean {
    const { numbering } = this;
    if (!numbering) return this.restart(sequenceNumber);
    const distance = sequenceDistance(numbering.highestExtended & 0xffff, sequenceNumber);
    if (distance > MAX_DROPOUT || distance < -MAX_MISORDER) {
      const isRestart = sequenceNumber === this.restartsWith;
      this.restartsWith = wrapSequence(sequenceNumber + 1);
      if (!isRestart) return false;
      this.earlierLost = Math.max(0, this.signedLost);
      return this.restart(sequenceNumber);
    }
    numbering.received += 1;
    if (distance > 0) numbering.highestExtended += distance;
    else numbering.baseExtended = Math.min(numbering.baseExtended, numbering.highestExtended + distance);
    return true;
  }

  private restart(sequenceNumber: number): true {
    this.numbering = { baseExtended: sequenceNumber, highestExtended: sequenceNumber, received: 1 };
    this.reportedExpected = 0;
    this.reportedReceived = 0;
    this.lastTransit = undefined;
    this.restartsWith = undefined;
    return true;
  }
}
