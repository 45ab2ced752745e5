/** How each leg of a call has sounded, and when somebody was not heard. */
import { useTranslation } from 'react-i18next';
import type { DirectionQualityView } from '../../../api/contract/quality';
import type { InteractionView } from '../../../api/contract/rest';
import { formatDuration } from '../i18n/format';
import './quality.css';

const HEADINGS = ['direction', 'codec', 'mean', 'worst', 'poor', 'lost', 'jitter', 'roundTrip'] as const;

interface Row {
  readonly key: string;
  readonly direction: string;
  readonly codec: string | undefined;
  readonly figures: DirectionQualityView;
}

const useRows = ({ quality = [] }: InteractionView): Row[] => {
  const { t } = useTranslation();
  return quality.flatMap(({ role, id, fromMs, codec, heard, sent }) =>
    (['heard', 'sent'] as const).flatMap((way) => {
      const figures = way === 'heard' ? heard : sent;
      const direction = t(`quality.way.${way}`, { party: t(`quality.party.${role}`) });
      return figures ? [{ key: `${role}-${id}-${fromMs}-${way}`, direction, codec, figures }] : [];
    }),
  );
};

const Figures = ({ rows }: { readonly rows: readonly Row[] }) => {
  const { t } = useTranslation();
  return (
    <div className="quality-scroll">
      <table className="quality-table">
        <thead>
          <tr>
            {HEADINGS.map((heading) => (
              <th key={heading} scope="col">
                {t(`quality.figure.${heading}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, direction, codec, figures }) => (
            <tr key={key}>
              <th scope="row">{direction}</th>
              <td>{codec ?? '–'}</td>
              <td className="figures">{figures.meanMos.toFixed(1)}</td>
              <td className="figures">{figures.worstMos.toFixed(1)}</td>
              <td className="figures">{`${figures.poorPercent} %`}</td>
              <td className="figures">{`${figures.lost} / ${figures.packets + figures.lost}`}</td>
              <td className="figures">{`${Math.round(figures.jitterMs)} ms`}</td>
              <td className="figures">
                {figures.roundTripMs === undefined ? '–' : `${Math.round(figures.roundTripMs)} ms`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

export const QualityNotes = ({ interaction }: { readonly interaction: InteractionView }) => {
  const { t } = useTranslation();
  const { soundFaults = [], startedAtMs } = interaction;
  const rows = useRows(interaction);
  if (rows.length === 0 && soundFaults.length === 0) return null;
  return (
    <div className="details-note" data-testid="quality-notes">
      <span className="details-label">{t('quality.title')}</span>
      {rows.length > 0 && <Figures rows={rows} />}
      {soundFaults.map(({ atMs, endedAtMs, role, kind }) => (
        <span key={`${atMs}-${role}`} className="quality-fault">
          <span className="figures">{formatDuration(Math.max(0, atMs - startedAtMs))}</span>{' '}
          {t(`quality.past.${kind}`, { party: t(`quality.party.${role}`) })}
          {endedAtMs !== undefined && ` (${formatDuration(endedAtMs - atMs)})`}
        </span>
      ))}
    </div>
  );
};
