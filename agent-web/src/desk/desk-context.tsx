/** Gives the desk's connection and telephone to the components below. */
import { createContext, useContext } from 'react';
import type { Session } from '../../../api/contract/rest';
import { Observable, useObservable } from '../api/observable';
import type { LegView } from '../phone/leg';
import type { Phone } from '../phone/phone';
import type { DeskLink } from './desk-link';
import type { DeskState } from './desk-state';
import { currentCallOf } from './current-call';
import type { CurrentCall } from './current-call';

export interface DeskTools {
  readonly session: Session;
  readonly link: DeskLink;
  /** Absent for those who take no calls. */
  readonly phone: Phone | undefined;
}

export const DeskContext = createContext<DeskTools | undefined>(undefined);

/** @throws Error outside of a signed-in desk. */
export const useDesk = (): DeskTools => {
  const tools = useContext(DeskContext);
  if (!tools) throw new Error('useDesk works only below DeskContext');
  return tools;
};

/** Supervisors and administrators see more than agents do. */
export const useLeads = (): boolean => useDesk().session.user.roles.some((role) => role !== 'agent');

export const useDeskState = (): DeskState => useObservable(useDesk().link.state);

const NO_LEGS = new Observable<readonly LegView[]>([]);

export const useLegs = (): readonly LegView[] => useObservable(useDesk().phone?.legs ?? NO_LEGS);

export const useCurrentCall = (): CurrentCall | undefined => currentCallOf(useDeskState().calls, useLegs());
