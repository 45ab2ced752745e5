/** What a downloaded recording is called: when, with whom, and which of the call's recordings. */
import dayjs from 'dayjs';

interface Downloaded {
  readonly startedAtMs: number;
  /** The other party's; empty when it is withheld. */
  readonly number: string;
  /** Counts from 1 within the call. */
  readonly n: number;
}

/** In the browser's time zone, and without anything that a file system does not take. */
export const recordingFileName = ({ startedAtMs, number, n }: Downloaded): string => {
  const parts = [
    dayjs(startedAtMs).format('YYYY-MM-DD HH-mm-ss'),
    number.replace(/[^\w+.-]/g, ''),
    n > 1 ? `(${n})` : '',
  ];
  return `${parts.filter(Boolean).join(' ')}.wav`;
};
