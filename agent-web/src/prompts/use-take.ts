/** A recording by the microphone, from the moment when the component is there; the microphone is let go of with it. */
import { useEffect, useRef, useState } from 'react';
import { systemClock } from '../../../base/clock';
import { microphoneProblemOf } from '../phone/microphone';
import type { MicrophoneProblem } from '../phone/microphone';
import { beginTake } from './microphone-take';
import type { MicrophoneTake } from './microphone-take';

/** Longer ones are not prompts; who has forgotten to stop is not recorded for ever. */
const MAX_TAKE_MS = 600_000;

/**
 *     opening ──► running ──stop──► stopping ──► ready
 *        └──► blocked                   └──► empty
 *     each of them ──again──► opening
 */
export type TakeState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'blocked'; readonly problem: MicrophoneProblem }
  | { readonly kind: 'running'; readonly take: MicrophoneTake; readonly sinceMs: number }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'ready'; readonly wav: Blob }
  /** There was no sound to decode. */
  | { readonly kind: 'empty' };

export interface Take {
  readonly state: TakeState;
  stop(): void;
  /** Throws away what there is, and begins anew. */
  again(): void;
}

export const useTake = (): Take => {
  const [state, setState] = useState<TakeState>({ kind: 'opening' });
  const [attempt, setAttempt] = useState(1);
  const latest = useRef(attempt);
  useEffect(() => {
    latest.current = attempt;
    let gone = false;
    let take: MicrophoneTake | undefined;
    beginTake().then(
      (begun) => {
        if (gone) return begun.drop();
        take = begun;
        return setState({ kind: 'running', take: begun, sinceMs: systemClock.nowMs() });
      },
      (error: unknown) => gone || setState({ kind: 'blocked', problem: microphoneProblemOf(error) }),
    );
    return () => {
      gone = true;
      take?.drop();
    };
  }, [attempt]);
  const running = state.kind === 'running' ? state.take : undefined;
  const stop = (): void => {
    if (!running) return;
    setState({ kind: 'stopping' });
    const settle = (settled: TakeState): void => {
      if (latest.current === attempt) setState(settled);
    };
    running.finish().then(
      (wav) => settle({ kind: 'ready', wav }),
      () => settle({ kind: 'empty' }),
    );
  };
  const latestStop = useRef(stop);
  useEffect(() => {
    latestStop.current = stop;
  });
  useEffect(() => {
    if (!running) return undefined;
    const timer = systemClock.after(MAX_TAKE_MS, () => latestStop.current());
    return () => timer.cancel();
  }, [running]);
  return {
    state,
    stop,
    again: () => {
      setState({ kind: 'opening' });
      setAttempt(attempt + 1);
    },
  };
};
