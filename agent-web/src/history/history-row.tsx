import { CaretRightFilled, DownOutlined, UpOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { InteractionView } from '../../../api/contract/rest';
import { currentLanguage } from '../i18n';
import { formatClock, formatDay, formatDuration } from '../i18n/format';
import { localName } from '../i18n/local-name';
import { formatNumber } from '../i18n/phone-number';
import { DirectionIcon } from './direction-icon';
import type { OpenRow } from './history-table';
import { InteractionDetails } from './interaction-details';
import { outcomeText } from './outcome-text';
import { RESULT_TONES, otherPartyOf, resultOf, talkMsOf } from './interaction-facts';

interface HistoryRowProps {
  readonly interaction: InteractionView;
  readonly open: OpenRow | undefined;
  readonly columns: number;
  readonly withAgent: boolean;
  readonly withDay: boolean;
  readonly onToggle: (row: OpenRow) => void;
}

const Party = ({ interaction }: { readonly interaction: InteractionView }) => {
  const { t } = useTranslation();
  const { number, displayName } = otherPartyOf(interaction);
  return (
    <span className="history-party">
      <DirectionIcon direction={interaction.direction} />
      <span className="history-number figures">{number ? formatNumber(number) : t('call.unknownNumber')}</span>
      {displayName && <span className="history-name">{displayName}</span>}
    </span>
  );
};

export const HistoryRow = ({ interaction, open, columns, withAgent, withDay, onToggle }: HistoryRowProps) => {
  const { t } = useTranslation();
  const { id, startedAtMs, recordings, outcome } = interaction;
  const language = currentLanguage();
  const result = resultOf(interaction);
  const talkMs = talkMsOf(interaction);
  const label = t(open?.playing ? 'history.stop' : 'history.play');
  return (
    <>
      <tr className={open ? 'row-open' : ''} data-testid="history-row" data-interaction={id}>
        <td className="figures column-time">
          {withDay && `${formatDay(startedAtMs, language)} `}
          {formatClock(startedAtMs, language)}
        </td>
        <td>
          <Party interaction={interaction} />
        </td>
        <td>{localName(interaction.queueName, interaction.queueNameZh) ?? '–'}</td>
        {withAgent && <td>{localName(interaction.agentName, interaction.agentNameZh) ?? '–'}</td>}
        <td className="figures column-figure">{talkMs === undefined ? '–' : formatDuration(talkMs)}</td>
        <td className="column-outcome">
          <span className={`result ${RESULT_TONES[result]}`} title={outcome && outcomeText(outcome, t)}>
            {result === 'running' ? t('history.running') : t(`history.result.${result}`)}
          </span>
        </td>
        <td className="column-actions">
          {recordings.length > 0 && (
            <Button
              size="small"
              type={open?.playing ? 'primary' : 'default'}
              shape="circle"
              icon={<CaretRightFilled />}
              aria-label={label}
              title={label}
              onClick={() => onToggle({ id, playing: true })}
              data-testid="recording-play"
            />
          )}
        </td>
        <td className="column-more">
          <Button
            size="small"
            type="text"
            icon={open ? <UpOutlined /> : <DownOutlined />}
            aria-label={t('history.details')}
            aria-expanded={open !== undefined}
            onClick={() => onToggle(open ?? { id, playing: false })}
            data-testid="history-details"
          />
        </td>
      </tr>
      {open && (
        <tr className="row-details">
          <td colSpan={columns}>
            <InteractionDetails interaction={interaction} playing={open.playing} />
          </td>
        </tr>
      )}
    </>
  );
};
