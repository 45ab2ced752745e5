/** Alt with a key, by its place on the keyboard: the same in every layout, and while a note is being written. */
import { useEffect, useRef } from 'react';
import { canHold, canMute, hasReached, isAnswered } from './current-call';
import type { CurrentCall } from './current-call';
import { recordingActionOf } from './recording-actions';
import type { RecordingSwitch } from './recording-actions';
import { useCallActions } from './use-call-actions';
import type { CallActions } from './use-call-actions';

type Shortcut = 'KeyA' | 'KeyM' | 'KeyH' | 'KeyX' | 'KeyS' | 'KeyG' | 'KeyB' | 'KeyR' | 'KeyP' | 'KeyK' | 'KeyJ';

const ACTIONS: Record<Shortcut, (actions: CallActions, call: CurrentCall) => void> = {
  KeyA: (actions, call) => call.phase === 'ringing' && actions.answer(call),
  KeyM: (actions, call) => canMute(call) && actions.toggleMute(call),
  KeyH: (actions, call) => canHold(call) && actions.toggleHold(call),
  KeyS: (actions, call) => hasReached(call) && actions.toggleConsult(call),
  KeyG: (actions, call) => call.view?.consult !== undefined && actions.completeTransfer(call),
  KeyB: (actions, call) => call.view?.consult !== undefined && actions.cancelConsult(call),
  KeyR: (actions, call) => record(actions, call, 'start'),
  KeyP: (actions, call) => record(actions, call, 'pause'),
  KeyK: (actions, call) => record(actions, call, 'mask'),
  KeyJ: (actions, call) => hasReached(call) && actions.mergeConsult(call),
  KeyX: (actions, call) => call.phase !== 'ringing' && call.phase !== 'wrap-up' && actions.hangUp(call),
};

/** What the switch would do now, where the agent may. */
const record = (actions: CallActions, call: CurrentCall, what: RecordingSwitch): void => {
  const state = isAnswered(call) ? call.view?.recordingState : undefined;
  const action = state && recordingActionOf(state, what);
  if (action) actions.record(call, action);
};

const isShortcut = (code: string): code is Shortcut => Object.hasOwn(ACTIONS, code);

/** Alt and a key, for the first time and without others. */
export const isAltPress = (event: KeyboardEvent): boolean =>
  event.altKey && !event.ctrlKey && !event.metaKey && !event.repeat;

export const useCallShortcuts = (call: CurrentCall | undefined): void => {
  const actions = useCallActions();
  const latest = useRef({ call, actions });
  useEffect(() => {
    latest.current = { call, actions };
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (!isAltPress(event) || !isShortcut(event.code)) return;
      const { call: current, actions: able } = latest.current;
      if (!current) return;
      event.preventDefault();
      ACTIONS[event.code](able, current);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
};
