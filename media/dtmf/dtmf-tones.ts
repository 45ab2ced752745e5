/** The sound of a key (ITU-T Q.23), as our legs send it. */
import { COLUMN_HZ, KEYS, PEAK_OF_0_DBM0, ROW_HZ } from './tone-window';

/** Of the row; the column is 2 dB stronger, since lines weaken it more. Within what Q.24 lets receivers expect. */
const ROW_PEAK = PEAK_OF_0_DBM0 * 10 ** (-9 / 20);
const COLUMN_PEAK = PEAK_OF_0_DBM0 * 10 ** (-7 / 20);
/** So that beginning and end do not click. */
const RAMP_MS = 1;

/**
 * PCM16.
 * @param digit 0 to 9, *, #, A to D; throws a RangeError for anything else.
 */
export function dtmfTone(digit: string, durationMs: number, sampleRateHz = 8000): Int16Array {
  const row = KEYS.findIndex((keys) => digit.length === 1 && keys.includes(digit));
  const [rowHz, columnHz] = [ROW_HZ[row], COLUMN_HZ[KEYS[row]?.indexOf(digit) ?? -1]];
  if (rowHz === undefined || columnHz === undefined) throw new RangeError(`"${digit}" is no DTMF digit`);
  const length = Math.round((durationMs * sampleRateHz) / 1000);
  const rampSamples = (RAMP_MS * sampleRateHz) / 1000;
  return Int16Array.from({ length }, (_, index) => {
    const turn = (2 * Math.PI * index) / sampleRateHz;
    const ramp = Math.min(1, (index + 1) / rampSamples, (length - index) / rampSamples);
    return Math.round(ramp * (ROW_PEAK * Math.sin(rowHz * turn) + COLUMN_PEAK * Math.sin(columnHz * turn)));
  });
}
