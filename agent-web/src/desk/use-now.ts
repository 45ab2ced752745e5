/** A clock that ticks in components. */
import { useEffect, useState } from 'react';
import { systemClock } from '../../../base/clock';
import { useDeskState } from './desk-context';

/** The browser's time, read again every `periodMs`. */
export const useLocalNow = (periodMs = 1000): number => {
  const [nowMs, setNowMs] = useState(() => systemClock.nowMs());
  useEffect(() => {
    const timer = systemClock.every(periodMs, () => setNowMs(systemClock.nowMs()));
    return () => timer.cancel();
  }, [periodMs]);
  return nowMs;
};

/** The server's time as far as this browser knows it: what the server's timestamps are compared with. */
export const useServerNow = (periodMs = 500): number => {
  const { serverAheadMs } = useDeskState();
  return useLocalNow(periodMs) + serverAheadMs;
};
