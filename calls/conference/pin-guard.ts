/**
 * Nobody guesses PINs for long. A number that has keyed too many wrong ones is locked out for a while; since numbers can
 * be invented, a room of which very many PINs were tried takes none at all for a while, and an alarm is raised.
 */
import { AttemptLimiter } from '../../base/attempt-limiter';
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/log';

const MINUTE_MS = 60_000;
const OF_NUMBER = { maxFailures: 6, windowMs: 15 * MINUTE_MS, maxKeys: 10_000 };
const OF_ROOM = { maxFailures: 60, windowMs: 60 * MINUTE_MS, maxKeys: 1_000 };

export interface PinGuardDeps {
  readonly clock: Clock;
  readonly log: Logger;
  /** A room's PINs are being guessed: once until it is tried less. */
  readonly onGuessing: (roomId: string) => void;
}

export interface PinAttempt {
  readonly roomId: string;
  /** The caller's number. */
  readonly number: string;
}

export class PinGuard {
  private readonly ofNumber: AttemptLimiter;
  private readonly ofRoom: AttemptLimiter;

  constructor(private readonly deps: PinGuardDeps) {
    this.ofNumber = new AttemptLimiter(deps.clock, OF_NUMBER);
    this.ofRoom = new AttemptLimiter(deps.clock, OF_ROOM);
  }

  /** Whether a PIN is taken from this number at all. */
  mayTry({ roomId, number }: PinAttempt): boolean {
    return this.ofNumber.waitMs(keyOf(roomId, number)) === 0 && this.ofRoom.waitMs(roomId) === 0;
  }

  failed({ roomId, number }: PinAttempt): void {
    const { log, onGuessing } = this.deps;
    log.warn({ roomId, number }, 'a wrong PIN of a conference room');
    this.ofNumber.begin(keyOf(roomId, number));
    this.ofRoom.begin(roomId);
    if (this.ofRoom.waitMs(roomId) > 0) onGuessing(roomId);
  }

  /** The number has proved that it knows a PIN. */
  succeeded({ roomId, number }: PinAttempt): void {
    this.ofNumber.forgive(keyOf(roomId, number));
  }
}

const keyOf = (roomId: string, number: string): string => `${roomId} ${number}`;
