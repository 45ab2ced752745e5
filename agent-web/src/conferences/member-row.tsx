/** One member of a conference, and what can be done with it. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ConferenceMember } from '../../../api/contract/conferences';
import { useServerNow } from '../desk/use-now';
import { formatDuration } from '../i18n/format';
import type { Directing } from './use-direct';

/** In one word of the dictionary, and its colour. */
const voiceOf = ({ voice, role }: ConferenceMember) => {
  if (voice === 'open') return { text: 'open', tone: 'tone-ready' } as const;
  if (voice === 'self-muted') return { text: 'selfMuted', tone: 'tone-idle' } as const;
  return { text: role === 'listener' ? 'listening' : 'silenced', tone: 'tone-idle' } as const;
};

const VoiceCell = ({ member }: { readonly member: ConferenceMember }) => {
  const { t } = useTranslation();
  if (member.stage !== 'inside') return <>{t(`conferences.stages.${member.stage}`)}</>;
  const { text, tone } = voiceOf(member);
  return (
    <span className="conference-voice">
      <span className={`team-state ${tone}`}>
        <span className="dot" />
        {t(`conferences.voices.${text}`)}
      </span>
      {member.holds && <span className="team-state tone-wrap">{t('conferences.holds')}</span>}
      {member.handRaisedAtMs !== undefined && (
        <span className="team-state tone-ringing" data-testid="conference-hand">
          {t('conferences.hand')}
        </span>
      )}
    </span>
  );
};

interface MemberRowProps {
  readonly member: ConferenceMember;
  readonly directing: Directing;
}

export const MemberRow = ({ member, directing }: MemberRowProps) => {
  const { t } = useTranslation();
  const nowMs = useServerNow(1000);
  const { memberId, number, displayName, role, stage, voice, handRaisedAtMs, sinceMs } = member;
  const act = (what: 'mute' | 'unmute' | 'lower-hand' | 'remove') => () => void directing.act({ do: what, memberId });
  return (
    <tr data-testid="conference-member" data-number={number} data-stage={stage} data-voice={voice}>
      <td className="team-name">
        {displayName ?? number}
        {displayName !== undefined && <span className="conference-number figures">{number}</span>}
      </td>
      <td>{t(`conferences.roles.${role}`)}</td>
      <td>
        <VoiceCell member={member} />
      </td>
      <td className="figures">{formatDuration(nowMs - sinceMs)}</td>
      <td className="conference-actions">
        {stage === 'inside' && voice === 'open' && (
          <Button size="small" onClick={act('mute')} data-testid="conference-mute">
            {t('conferences.mute')}
          </Button>
        )}
        {stage === 'inside' && voice === 'silenced' && (
          <Button
            size="small"
            type={handRaisedAtMs === undefined ? 'default' : 'primary'}
            onClick={act('unmute')}
            data-testid="conference-floor"
          >
            {t('conferences.giveFloor')}
          </Button>
        )}
        {handRaisedAtMs !== undefined && (
          <Button size="small" onClick={act('lower-hand')}>
            {t('conferences.lowerHand')}
          </Button>
        )}
        <Button size="small" danger onClick={act('remove')} data-testid="conference-remove">
          {t('conferences.remove')}
        </Button>
      </td>
    </tr>
  );
};
