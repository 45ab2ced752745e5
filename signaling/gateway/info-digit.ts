/** Digits in SIP INFO: `application/dtmf-relay` (Signal=5, Duration=160) and `application/dtmf` (the digit alone). */
import type { InfoDigit } from '../ports';

const DEFAULT_DURATION_MS = 160;
const MAX_DURATION_MS = 10_000;
const DIGIT = /^[0-9A-D*#]$/;
/** Event numbers 10 to 15 stand for these (RFC 4733, 3.2). */
const BY_NUMBER: Readonly<Record<string, string>> = { 10: '*', 11: '#', 12: 'A', 13: 'B', 14: 'C', 15: 'D' };

/** The digit, or undefined when the body holds none. */
export const parseInfoDigit = (contentType: string | undefined, body: string | undefined): InfoDigit | undefined => {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase();
  const text = (body ?? '').slice(0, 200);
  if (type === 'application/dtmf') return digitOf(text.trim(), undefined);
  if (type !== 'application/dtmf-relay') return undefined;
  const signal = /^\s*Signal\s*=\s*(\S+)/im.exec(text)?.[1];
  const duration = /^\s*Duration\s*=\s*(\d{1,6})/im.exec(text)?.[1];
  return signal === undefined ? undefined : digitOf(signal, duration);
};

const digitOf = (signal: string, duration: string | undefined): InfoDigit | undefined => {
  const digit = (BY_NUMBER[signal] ?? signal).toUpperCase();
  if (!DIGIT.test(digit)) return undefined;
  const durationMs = duration === undefined ? DEFAULT_DURATION_MS : Math.min(Number(duration), MAX_DURATION_MS);
  return { digit, durationMs };
};
