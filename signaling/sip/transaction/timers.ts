/** The base values of all transaction timers (RFC 3261, table 4; RFC 6026, 7.1). */
import type { TransactionTimers } from './types';

export const DEFAULT_TIMERS: TransactionTimers = { t1Ms: 500, t2Ms: 4000, t4Ms: 5000 };

/** How long the TU may think before the layer says 100 Trying (RFC 3261, 17.2.1). */
export const TRYING_AFTER_MS = 200;

/** Timers B, F, H, J, L, M and the deadline after a CANCEL: 64*T1. */
export const patienceMs = (timers: TransactionTimers): number => 64 * timers.t1Ms;

/** Timer D on unreliable transports: "a value of at least 32 seconds" (RFC 3261, 17.1.1.2), scaled with T1. */
export const timerDMs = (timers: TransactionTimers): number => 64 * timers.t1Ms;
