import { PhoneFilled } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { StationView } from '../../../api/contract/stations';
import { formatNumber } from '../i18n/phone-number';
import type { CurrentCall } from './current-call';
import { useCallActions } from './use-call-actions';

/** Sends the call to the next agent. */
export const DeclineButton = ({ call }: { readonly call: CurrentCall }) => {
  const { t } = useTranslation();
  const actions = useCallActions();
  return (
    <Button className="action-decline" onClick={() => actions.hangUp(call)} data-testid="call-decline">
      {t('call.decline')}
    </Button>
  );
};

/** It rings elsewhere, and is answered there. */
const RingsElsewhere = ({ call, station }: { readonly call: CurrentCall; readonly station: StationView }) => {
  const { t } = useTranslation();
  return (
    <div className="call-answer-place">
      <span role="status" data-testid="rings-at">
        {station.kind === 'phone' && t('station.ringsAtPhone', { extension: station.extension })}
        {station.kind === 'number' && t('station.ringsAtNumber', { number: formatNumber(station.number) })}
      </span>
      <DeclineButton call={call} />
    </div>
  );
};

/** Where no button of the conversation will be a moment later: a second click by an eager hand does no harm. */
export const AnswerButtons = ({ call }: { readonly call: CurrentCall }) => {
  const { t } = useTranslation();
  const actions = useCallActions();
  const station = call.view?.station;
  if (station) return <RingsElsewhere call={call} station={station} />;
  return (
    <div className="call-answer-place">
      <Button
        type="primary"
        className="action-answer"
        icon={<PhoneFilled />}
        aria-keyshortcuts="Alt+A"
        onClick={() => actions.answer(call)}
        data-testid="call-answer"
      >
        {t('call.answer')}
      </Button>
      <kbd aria-hidden="true">Alt A</kbd>
      <DeclineButton call={call} />
      {call.view?.autoAnswerMs !== undefined && <span data-testid="auto-answer">{t('call.answersItself')}</span>}
    </div>
  );
};
