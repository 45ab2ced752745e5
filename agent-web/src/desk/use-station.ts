/** Where the agent hears; what needs this browser's sound asks here. */
import type { StationView } from '../../../api/contract/stations';
import { useDeskState } from './desk-context';

export const BROWSER: StationView = { kind: 'browser' };

export const useStation = (): StationView => useDeskState().agent?.station ?? BROWSER;

export const useHearsHere = (): boolean => useStation().kind === 'browser';
