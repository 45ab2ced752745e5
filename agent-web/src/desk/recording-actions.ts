/** What can be done about the recording of a call; buttons and keys ask the same. */
import type { RecordingState } from '../../../api/contract/common';
import type { RecordingAction } from '../../../api/contract/recording-policies';

export type RecordingSwitch = 'start' | 'pause' | 'mask';

/** In the order of their buttons, with the keys at the desk. */
export const RECORDING_SWITCHES: readonly { readonly what: RecordingSwitch; readonly letter: string }[] = [
  { what: 'start', letter: 'R' },
  { what: 'pause', letter: 'P' },
  { what: 'mask', letter: 'K' },
];

/** What the switch would do now; undefined where the policy does not allow it, or where there is nothing to do. */
export const recordingActionOf = (
  { state, recorded, may }: RecordingState,
  what: RecordingSwitch,
): RecordingAction | undefined => {
  switch (what) {
    case 'start':
      if (recorded) return may.includes('stop') ? 'stop' : undefined;
      return may.includes('start') ? 'start' : undefined;
    case 'pause':
      if (!may.includes('pause') || !recorded || state === 'masked') return undefined;
      return state === 'paused' ? 'resume' : 'pause';
    case 'mask':
      if (!may.includes('mask')) return undefined;
      return state === 'masked' ? 'unmask' : 'mask';
  }
};
