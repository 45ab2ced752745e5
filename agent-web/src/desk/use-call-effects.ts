/** What a call does beyond its panel: ring, title, notification, microphone, hold, keys, a warning before leaving. */
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { systemClock } from '../../../base/clock';
import { formatNumber } from '../i18n/phone-number';
import { useNotifications } from '../phone/notifications';
import { startRinging } from '../phone/ring-tone';
import { useQualityReports } from '../quality/use-quality-reports';
import { useCurrentCall, useDesk, useDeskState } from './desk-context';
import { useCallShortcuts } from './use-call-shortcuts';
import { useHearsHere } from './use-station';

const TITLE_PERIOD_MS = 1_000;

/** What rings elsewhere is shown here, and not heard. */
const useRinging = (ringing: boolean, number: string, isHere: boolean): void => {
  const { t } = useTranslation();
  const { show } = useNotifications();
  useEffect(() => (ringing && isHere ? startRinging() : undefined), [ringing, isHere]);

  useEffect(() => {
    document.title = t('app.name');
    if (!ringing) return undefined;
    const caller = number ? formatNumber(number) : t('call.unknownNumber');
    const ring = `● ${t('call.titleRinging', { number: caller })}`;
    document.title = ring;
    const timer = systemClock.every(TITLE_PERIOD_MS, () => {
      document.title = document.title === ring ? t('app.name') : ring;
    });
    const hide = show(t('call.notification'), caller);
    return () => {
      timer.cancel();
      hide();
      document.title = t('app.name');
    };
  }, [ringing, number, t, show]);
};

/** Where it is set so, the browser answers by itself after it has rung for a moment; the agent may be faster. */
const useAutoAnswer = (callId: string | undefined, afterMs: number | undefined): void => {
  const { phone } = useDesk();
  useEffect(() => {
    if (callId === undefined || afterMs === undefined) return undefined;
    const timer = systemClock.after(afterMs, () => phone?.answer(callId));
    return () => timer.cancel();
  }, [phone, callId, afterMs]);
};

/** Open while calls may come or one is there; closed on a break, so that the browser's recording light goes out. */
const useMicrophoneOnDuty = (inCall: boolean): void => {
  const { phone } = useDesk();
  const hearsHere = useHearsHere();
  const { agent, loaded } = useDeskState();
  // In wrap-up too: the next call may come the moment it ends.
  const isOpen = agent !== undefined && agent.state !== 'not-ready' && agent.state !== 'signed-out';
  const onDuty = inCall || (hearsHere && isOpen);
  useEffect(() => {
    if (!phone || !loaded) return;
    if (onDuty) void phone.microphone.open();
    else if (phone.microphone.state.get().kind === 'open') phone.microphone.close();
  }, [phone, loaded, onDuty]);
};

const useHoldSilence = (callId: string | undefined, held: boolean): void => {
  const { phone } = useDesk();
  useEffect(() => {
    if (callId !== undefined) phone?.setHeld(callId, held);
  }, [phone, callId, held]);
};

/** Asks before the page is closed or loaded again: either would end the conversation. */
export const useLeaveWarning = (talking: boolean): void => {
  useEffect(() => {
    if (!talking) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [talking]);
};

export const useCallEffects = (): void => {
  const call = useCurrentCall();
  const live = call !== undefined && call.phase !== 'wrap-up';
  const isHere = call?.view?.station === undefined;
  useRinging(call?.phase === 'ringing', call?.number ?? '', isHere);
  useAutoAnswer(call?.callId, call?.phase === 'ringing' ? call.view?.autoAnswerMs : undefined);
  useMicrophoneOnDuty(live && isHere);
  useHoldSilence(call?.callId, call?.phase === 'held');
  useQualityReports(live && call.phase !== 'ringing' ? call.callId : undefined);
  // A conversation elsewhere does without this page.
  useLeaveWarning(live && isHere && call.phase !== 'ringing');
  useCallShortcuts(call);
};
