/** Why a call is recorded or not, and who has changed that while it ran. */
import { useTranslation } from 'react-i18next';
import type { InteractionView } from '../../../api/contract/rest';
import { useAgentNames } from '../desk/use-agent-names';
import { formatDuration } from '../i18n/format';

export const RecordingNotes = ({ interaction }: { readonly interaction: InteractionView }) => {
  const { t } = useTranslation();
  const nameOf = useAgentNames();
  const { recordingPolicy: policy, recordingActs = [], startedAtMs } = interaction;
  if (!policy) return null;
  const sample = policy.sampled === undefined ? '' : t(policy.sampled ? 'history.inSample' : 'history.notInSample');
  return (
    <div className="details-note" data-testid="recording-notes">
      <span className="details-label">{t('history.recordingPolicy')}</span>
      <span>
        {[policy.id, t(`history.policyBy.${policy.by}`), t(`history.policyMode.${policy.mode}`), sample]
          .filter(Boolean)
          .join(' · ')}
      </span>
      {recordingActs.map(({ atMs, act, by }) => (
        <span key={`${atMs}-${act}`} className="recording-act">
          <span className="figures">{formatDuration(Math.max(0, atMs - startedAtMs))}</span>{' '}
          {t(`history.recordingAct.${act}`)} (
          {[t(`history.actor.${by.kind}`), by.kind === 'agent' && by.id ? nameOf(by.id) : by.id]
            .filter(Boolean)
            .join(' ')}
          )
        </span>
      ))}
    </div>
  );
};
