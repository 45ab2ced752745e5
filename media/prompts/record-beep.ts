/** The tone by which the parties know that they are being recorded: 1400 Hz for 200 ms (47 CFR 64.501). */
const SAMPLE_RATE_HZ = 8000;
const FREQUENCY_HZ = 1400;
const DURATION_MS = 200;
/** About -18 dBm0: well heard beside a voice, and not in its way. */
const PEAK = 2900;
/** So that beginning and end do not click. */
const RAMP_SAMPLES = 40;

/** PCM16 at 8 kHz. */
export function recordBeep(): Int16Array {
  const length = (DURATION_MS * SAMPLE_RATE_HZ) / 1000;
  return Int16Array.from({ length }, (_, index) => {
    const ramp = Math.min(1, (index + 1) / RAMP_SAMPLES, (length - index) / RAMP_SAMPLES);
    return Math.round(ramp * PEAK * Math.sin((2 * Math.PI * FREQUENCY_HZ * index) / SAMPLE_RATE_HZ));
  });
}
