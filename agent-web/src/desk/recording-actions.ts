/** What an agent can do about the recording of a call; its buttons and their keys ask the same. */
import type { RecordingAction } from '../../../api/contract/recording-policies';
import type { CurrentCall } from './current-call';

export type RecordingSwitch = 'start' | 'pause' | 'mask';

const PHASES: ReadonlySet<CurrentCall['phase']> = new Set(['connected', 'held', 'consulting']);

/** What the switch would do now; undefined where the policy does not let the agent, or where there is nothing to do. */
export const recordingActionOf = ({ phase, view }: CurrentCall, what: RecordingSwitch): RecordingAction | undefined => {
  const recording = view?.recordingState;
  if (!recording || !PHASES.has(phase)) return undefined;
  const { state, may } = recording;
  switch (what) {
    case 'start':
      if (view.recording) return may.includes('stop') ? 'stop' : undefined;
      return may.includes('start') ? 'start' : undefined;
    case 'pause':
      if (!may.includes('pause') || !view.recording || state === 'masked') return undefined;
      return state === 'paused' ? 'resume' : 'pause';
    case 'mask':
      if (!may.includes('mask')) return undefined;
      return state === 'masked' ? 'unmask' : 'mask';
  }
};
