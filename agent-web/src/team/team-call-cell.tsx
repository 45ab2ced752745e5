/** An agent's call: with whom, of which queue, how long, and who supervises it. */
import { ArrowDownOutlined, ArrowUpOutlined, AudioMutedOutlined, EyeOutlined, SwapOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import type { TeamCallView } from '../../../api/contract/supervision';
import { useServerNow } from '../desk/use-now';
import { formatDuration } from '../i18n/format';
import { localName } from '../i18n/local-name';
import { formatNumber } from '../i18n/phone-number';
import { QualityBars } from '../quality/quality-bars';
import { TeamRecording } from './team-recording';

const DIRECTION_ICONS = { inbound: ArrowDownOutlined, outbound: ArrowUpOutlined, internal: SwapOutlined } as const;

export const TeamCallCell = ({ call }: { readonly call: TeamCallView }) => {
  const { t } = useTranslation();
  const nowMs = useServerNow(1000);
  const { direction, state, number, queueName, queueNameZh, answeredAtMs, startedAtMs, muted, supervisors, heard } =
    call;
  const Direction = DIRECTION_ICONS[direction];
  const queue = localName(queueName, queueNameZh);
  const names = supervisors.map(({ displayName, displayNameZh, mode }) => {
    const name = localName(displayName, displayNameZh) ?? '';
    return `${name} (${t(`supervision.mode.${mode}`)})`;
  });
  return (
    <div className="team-call" data-testid="team-call" data-state={state}>
      <span className="team-call-line">
        <Direction aria-label={t(`call.direction.${direction}`)} />
        <span className="figures">{number ? formatNumber(number) : t('call.unknownNumber')}</span>
        <span className="figures">{formatDuration(nowMs - (answeredAtMs ?? startedAtMs))}</span>
        {muted && <AudioMutedOutlined role="img" aria-label={t('team.muted')} title={t('team.muted')} />}
        <QualityBars callId={call.callId} />
      </span>
      <span className="team-call-about">
        {t(`team.callState.${state}`)}
        {queue && ` · ${queue}`}
      </span>
      {heard && (heard.what === 'fax' || heard.what === 'machine') && (
        <span className="team-call-heard" data-testid="team-call-heard">
          {t(`detection.short.${heard.what}`)}
        </span>
      )}
      <TeamRecording call={call} />
      {names.length > 0 && (
        <span className="team-call-supervisors" data-testid="team-call-supervisors">
          <EyeOutlined /> {t('team.supervisors', { names: names.join(', ') })}
        </span>
      )}
    </div>
  );
};
