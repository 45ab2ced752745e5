/** Tells a test call line by line, as it happens. */
import type { TestCallEnd, TestCallEvent } from './call-events';

const METER_CELLS = 20;
/** What the meter's first and last cell stand for. */
const METER_RANGE_DBFS = { from: -60, to: 0 };

/** A level as a bar and a number. Below the range it is called silence. */
export const levelMeter = (levelDbfs: number): string => {
  const { from, to } = METER_RANGE_DBFS;
  if (levelDbfs <= from) return 'silence';
  const cells = Math.min(METER_CELLS, Math.max(1, Math.round(((levelDbfs - from) / (to - from)) * METER_CELLS)));
  return `${'█'.repeat(cells)}${'░'.repeat(METER_CELLS - cells)} ${Math.round(levelDbfs)} dB`;
};

export const timed = (atMs: number, text: string): string => `${(atMs / 1000).toFixed(2).padStart(7)} s  ${text}`;

/** By the direction of our answer (RFC 3264, 8.4). */
const DIRECTIONS: Readonly<Record<string, string>> = {
  sendrecv: 'both sides talk',
  recvonly: 'on hold; the far end plays to us',
  sendonly: 'the far end only listens',
  inactive: 'on hold; both sides are silent',
};

const endText = (end: TestCallEnd): string => {
  switch (end.by) {
    case 'caller':
      return 'hung up';
    case 'far-end':
      return `the far end hung up${end.reason === undefined ? '' : `: ${end.reason}`}`;
    case 'refusal':
      return end.status === undefined ? end.reason : `not answered: ${end.status} ${end.reason}`;
    case 'cancel':
      return 'gave up before it was answered';
    case 'loss':
      return `the call was lost: ${end.reason}`;
  }
};

export const eventText = (event: TestCallEvent): string => {
  switch (event.type) {
    case 'inviting':
      return `INVITE ${event.uri} over ${event.transport.toUpperCase()}`;
    case 'provisional':
      return `${event.status} ${event.reason}`;
    case 'answered':
      return `200 OK in ${Math.round(event.atMs)} ms: answered, ${event.codec}`;
    case 'hearing':
      return 'the first sound has come';
    case 'digit':
      return `pressed ${event.digit}`;
    case 'heard-digit':
      return `the far end pressed ${event.digit} (${event.form})`;
    case 'reinvited':
      return `re-INVITE (${event.direction}): ${DIRECTIONS[event.direction] ?? 'answered'}`;
    case 'note':
      return event.text;
    case 'ended':
      return endText(event.end);
  }
};
