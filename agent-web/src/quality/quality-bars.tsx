/** How a call sounds at the moment: bars by the worst direction, with all figures behind them. */
import { useTranslation } from 'react-i18next';
import type { CallQualityView, LiveQualityView } from '../../../api/contract/quality';
import { useDeskState } from '../desk/desk-context';
import './quality.css';

type Grade = 0 | 1 | 2 | 3 | 4;

/** Least MOS of each bar (ITU-T G.109: best, high, medium, low). */
const LEAST_MOS = [2.6, 3.1, 3.6, 4.0] as const;

/** How many bars a score is worth. */
export const gradeOf = (mos: number): Grade => LEAST_MOS.filter((least) => mos >= least).length as Grade;

const directionsOf = ({ legs }: CallQualityView): LiveQualityView[] =>
  legs.flatMap(({ heard, sent }) => [heard, sent]).filter((live) => live !== undefined);

export const QualityBars = ({ callId }: { readonly callId: string }) => {
  const { t } = useTranslation();
  const quality = useDeskState().quality[callId];
  if (!quality) return null;
  const directions = directionsOf(quality);
  if (directions.length === 0) return null;
  const mos = Math.min(...directions.map((live) => live.mos));
  const grade = quality.fault ? 0 : gradeOf(mos);
  const lines = quality.legs.flatMap(({ role, heard, sent }) =>
    ([['heard', heard] as const, ['sent', sent] as const] as const).flatMap(([way, live]) =>
      live
        ? [
            t(`quality.${way}`, {
              ...{ party: t(`quality.party.${role}`), mos: live.mos.toFixed(1) },
              ...{ loss: live.lossPercent, jitter: Math.round(live.jitterMs), roundTrip: live.roundTripMs ?? '–' },
            }),
          ]
        : [],
    ),
  );
  return (
    <span
      className={`quality-bars quality-${grade}`}
      role="img"
      aria-label={t('quality.label', { mos: mos.toFixed(1) })}
      title={lines.join('\n')}
      data-testid="call-quality"
      data-grade={grade}
    >
      {LEAST_MOS.map((least, index) => (
        <i key={least} className={index < grade ? 'bar lit' : 'bar'} />
      ))}
    </span>
  );
};
