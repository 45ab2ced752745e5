/** The current call: one place of one size for every phase, so that nothing jumps when a call rings. */
import { useTranslation } from 'react-i18next';
import { AnswerButtons } from './answer-buttons';
import { CallActionsBar } from './call-actions-bar';
import { CallFacts } from './call-facts';
import { CallMeters } from './call-meters';
import { CallStatusLine } from './call-status-line';
import { ConsultBar } from './consult-bar';
import { isConference } from './current-call';
import type { CurrentCall } from './current-call';
import { useCurrentCall } from './desk-context';
import { IdleCall } from './idle-call';
import { PartiesBar } from './parties-bar';
import { PHASE_TONES } from './tones';
import { WrapUpForm } from './wrap-up-form';
import { useWrapUp } from './use-wrap-up';
import './call-panel.css';

const ActiveCall = ({ call }: { readonly call: CurrentCall }) => {
  const wrapUp = useWrapUp(call);
  const talking = call.phase !== 'wrap-up' && call.phase !== 'ringing';
  return (
    <div className="call-body">
      <div className="call-left">
        <CallFacts call={call} />
        {talking && !call.view?.station && !call.view?.consult && !isConference(call) && <CallMeters call={call} />}
      </div>
      {call.phase !== 'ringing' && !call.view?.consulted && (
        <div className="call-right">
          <WrapUpForm wrapUp={wrapUp} />
        </div>
      )}
      {call.phase === 'ringing' ? <AnswerButtons call={call} /> : <CallActionsBar call={call} wrapUp={wrapUp} />}
    </div>
  );
};

export const CallPanel = () => {
  const { t } = useTranslation();
  const call = useCurrentCall();
  const phase = call?.phase ?? 'idle';
  return (
    <section className={`call-panel panel phase-${phase} ${PHASE_TONES[phase]}`} aria-label={t('call.region')}>
      <CallStatusLine call={call} />
      {call && <PartiesBar call={call} />}
      {call && <ConsultBar call={call} />}
      {call ? <ActiveCall key={call.callId} call={call} /> : <IdleCall />}
    </section>
  );
};
