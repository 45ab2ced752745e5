/** The tone by which the parties know that they are being recorded: 1400 Hz for 200 ms (47 CFR 64.501). */
const FREQUENCY_HZ = 1400;
const DURATION_MS = 200;
/** About -18 dBm0: well heard beside a voice, and not in its way. */
const PEAK = 2900;
/** So that beginning and end do not click. */
const RAMP_MS = 5;

export function recordBeep(sampleRateHz: number): Int16Array {
  const length = (DURATION_MS * sampleRateHz) / 1000;
  const rampSamples = (RAMP_MS * sampleRateHz) / 1000;
  return Int16Array.from({ length }, (_, index) => {
    const ramp = Math.min(1, (index + 1) / rampSamples, (length - index) / rampSamples);
    return Math.round(ramp * PEAK * Math.sin((2 * Math.PI * FREQUENCY_HZ * index) / sampleRateHz));
  });
}
