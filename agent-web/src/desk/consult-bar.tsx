/** The consultation beside the customer: who it is, how far, and the ways out of it. */
import { useTranslation } from 'react-i18next';
import { localName } from '../i18n/local-name';
import { formatNumber } from '../i18n/phone-number';
import { hasReached } from './current-call';
import type { CurrentCall } from './current-call';
import { ShortcutButton } from './shortcut-button';
import { useCallActions } from './use-call-actions';
import { useFailureText } from './use-failure-text';
import './call-strip.css';
import './consult-bar.css';

interface FailureProps {
  readonly reason: string;
  readonly testId: 'consult-failure' | 'dial-failure';
}

const Failure = ({ reason, testId }: FailureProps) => (
  <div className="call-strip consult-bar tone-ringing" role="status" data-testid={testId} data-reason={reason}>
    <span className="dot" />
    {useFailureText(reason)}
  </div>
);

const Running = ({ call }: { readonly call: CurrentCall }) => {
  const { t } = useTranslation();
  const actions = useCallActions();
  const consult = call.view?.consult;
  if (!consult) return null;
  const { state, number, name, nameZh } = consult;
  return (
    <div className="call-strip consult-bar tone-busy" data-testid="consult-bar" data-state={state}>
      <span className="consult-who" role="status">
        <span className="dot" />
        <strong>{localName(name, nameZh) ?? ''}</strong>
        <span className="figures">{number === undefined ? '' : formatNumber(number)}</span>
        <span>{t(`consult.state.${state}`)}</span>
      </span>
      <ShortcutButton
        letter="S"
        disabled={!hasReached(call)}
        onClick={() => actions.toggleConsult(call)}
        data-testid="consult-toggle"
      >
        {state === 'held' ? t('consult.toThird') : t('consult.toCustomer')}
      </ShortcutButton>
      <ShortcutButton
        letter="J"
        disabled={!hasReached(call)}
        onClick={() => actions.mergeConsult(call)}
        data-testid="consult-merge"
      >
        {t('consult.merge')}
      </ShortcutButton>
      <ShortcutButton
        letter="G"
        type="primary"
        onClick={() => actions.completeTransfer(call)}
        data-testid="consult-complete"
      >
        {t('consult.complete')}
      </ShortcutButton>
      <ShortcutButton letter="B" onClick={() => actions.cancelConsult(call)} data-testid="consult-cancel">
        {t('consult.cancel')}
      </ShortcutButton>
    </div>
  );
};

export const ConsultBar = ({ call }: { readonly call: CurrentCall }) => {
  const { view, phase } = call;
  if (phase === 'wrap-up' || !view) return null;
  if (view.consult) return <Running call={call} />;
  if (view.dialFailure !== undefined) return <Failure reason={view.dialFailure} testId="dial-failure" />;
  return view.consultFailure === undefined ? null : <Failure reason={view.consultFailure} testId="consult-failure" />;
};
