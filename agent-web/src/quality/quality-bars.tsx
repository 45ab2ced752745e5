/** How a call sounds at the moment: bars by the worst direction, with all figures behind them. */
import { Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import type { CallQualityView, LiveQualityView } from '../../../api/contract/quality';
import { useDeskState } from '../desk/desk-context';
import './quality.css';

type Grade = 0 | 1 | 2 | 3 | 4;

/** Least MOS of each bar (ITU-T G.109: best, high, medium, low). */
const LEAST_MOS = [2.6, 3.1, 3.6, 4.0] as const;

/** By the number of bars. */
const GRADES = ['veryPoor', 'poor', 'fair', 'good', 'veryGood'] as const;

/** How many bars a score is worth. */
export const gradeOf = (mos: number): Grade => LEAST_MOS.filter((least) => mos >= least).length as Grade;

const directionsOf = ({ legs }: CallQualityView): LiveQualityView[] =>
  legs.flatMap(({ heard, sent }) => [heard, sent]).filter((live) => live !== undefined);

const Figures = ({ quality: { legs } }: { readonly quality: CallQualityView }) => {
  const { t } = useTranslation();
  return (
    <ul className="quality-figures">
      {legs.flatMap(({ role, id, heard, sent }) =>
        (['heard', 'sent'] as const).map((way) => {
          const live = way === 'heard' ? heard : sent;
          if (!live) return null;
          const party = t(`quality.party.${role}`);
          return (
            <li key={`${role}-${id}-${way}`}>
              {t(`quality.${way}`, {
                ...{ party, mos: live.mos.toFixed(1), loss: live.lossPercent },
                ...{ jitter: Math.round(live.jitterMs), roundTrip: live.roundTripMs ?? '–' },
              })}
            </li>
          );
        }),
      )}
    </ul>
  );
};

export const QualityBars = ({ callId }: { readonly callId: string }) => {
  const { t } = useTranslation();
  const quality = useDeskState().quality[callId];
  const directions = quality ? directionsOf(quality) : [];
  if (!quality || directions.length === 0) return null;
  const mos = Math.min(...directions.map((live) => live.mos));
  const grade = quality.fault ? 0 : gradeOf(mos);
  const label = quality.fault
    ? t('quality.notHeard', { party: t(`quality.party.${quality.fault.role}`) })
    : t('quality.label', { grade: t(`quality.grade.${GRADES[grade]}`), mos: mos.toFixed(1) });
  return (
    <Tooltip
      trigger={['hover', 'focus']}
      styles={{ root: { maxWidth: 460 } }}
      title={
        <>
          {label}
          <Figures quality={quality} />
        </>
      }
    >
      <span
        className={`quality-bars quality-${grade}`}
        role="img"
        tabIndex={0}
        aria-label={label}
        data-testid="call-quality"
        data-grade={grade}
      >
        {LEAST_MOS.map((least, index) => (
          <i key={least} className={index < grade ? 'bar lit' : 'bar'} />
        ))}
      </span>
    </Tooltip>
  );
};
