import { Observable, useObservable } from '../api/observable';
import type { MicrophoneState } from './microphone';
import type { Phone } from './phone';
import type { SipStatus } from './sip-agent';

const NO_STATUS = new Observable<SipStatus>({ kind: 'closed' });
const NO_MICROPHONE = new Observable<MicrophoneState>({ kind: 'closed' });

/** The registration's state; `closed` for those without a telephone. */
export const usePhoneStatus = (phone: Phone | undefined): SipStatus => useObservable(phone?.status ?? NO_STATUS);

export const useMicrophoneState = (phone: Phone | undefined): MicrophoneState =>
  useObservable(phone?.microphone.state ?? NO_MICROPHONE);
