/** By its silence a ringing tone is told from tones that say why nobody is reached, whatever the country. */
import { LegDetection } from '../../../../media/detection/leg-detection';
import { toneOf, toneSamples } from '../../../../media/prompts/tones';
import type { ToneName } from '../../../../base/progress-tones';

/** As calls ask for it. */
const SILENCE_MS = 1500;
const HEARD_MS = 12_000;
const COUNTRIES = [undefined, '1', '7', '33', '34', '44', '49', '61', '65', '81', '82', '86', '91', '852', '886'];

const fallsSilent = (name: ToneName, country: string | undefined): boolean => {
  const detection = new LegDetection();
  detection.want({ silenceMs: SILENCE_MS });
  const period = toneSamples(toneOf(name, country), 8000);
  const heard = Int16Array.from({ length: 8 * HEARD_MS }, (_, at) => period[at % period.length] ?? 0);
  const findings = Array.from({ length: HEARD_MS / 20 }, (_, frame) =>
    detection.accept(heard.subarray(frame * 160, (frame + 1) * 160)),
  );
  return findings.flat().some((finding) => finding.type === 'silence-changed' && finding.silent);
};

it.each(COUNTRIES)('of the country %s', (country) => {
  expect(fallsSilent('ring-back', country)).toBe(true);
  const others = (['busy', 'congestion', 'special-information'] as const).filter((name) => fallsSilent(name, country));
  expect(others).toEqual([]);
});
