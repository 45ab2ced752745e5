/** The supervisor's own browser: it answers by itself, since its user has asked, and is silent where nobody is to hear it. */
import { App } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { SupervisionView } from '../../../api/contract/supervision';
import { useDesk, useDeskState, useLegs } from '../desk/desk-context';

const ENDS = ['call-ended', 'no-answer', 'busy', 'declined'] as const;
/** The user's own doing needs no word. */
const EXPECTED: readonly (string | undefined)[] = ['left', 'intercepted', undefined];

const useOverNotice = (ended: SupervisionView | undefined): void => {
  const { message } = App.useApp();
  const { t } = useTranslation();
  const told = useRef<SupervisionView>(undefined);
  useEffect(() => {
    if (!ended || told.current === ended || EXPECTED.includes(ended.reason)) return;
    told.current = ended;
    const known = ENDS.find((reason) => reason === ended.reason);
    void message.info(t(`supervision.over.${known ?? 'other'}`));
  }, [ended, message, t]);
};

export const useSupervisionLeg = (): void => {
  const { phone } = useDesk();
  const { supervision, endedSupervision } = useDeskState();
  const callId = supervision?.device.kind === 'browser' ? supervision.callId : undefined;
  const rings = supervision?.state === 'ringing';
  const silent = supervision?.mode === 'monitor';
  const hasLeg = useLegs().some((leg) => leg.callId === callId);
  useEffect(() => {
    if (callId !== undefined && rings) phone?.answer(callId);
  }, [phone, callId, rings]);
  useEffect(() => {
    if (callId === undefined || !hasLeg) return undefined;
    phone?.setMuted(callId, silent);
    // Who has taken the call over talks.
    return () => phone?.setMuted(callId, false);
  }, [phone, callId, hasLeg, silent]);
  useOverNotice(endedSupervision);
};
