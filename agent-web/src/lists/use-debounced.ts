import { useEffect, useState } from 'react';
import { systemClock } from '../../../base/clock';

/** The value as it was when it last stood still for `delayMs`: one query for a word, not one for each letter. */
export const useDebounced = <Value>(value: Value, delayMs = 300): Value => {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = systemClock.after(delayMs, () => setSettled(value));
    return () => timer.cancel();
  }, [value, delayMs]);
  return settled;
};
