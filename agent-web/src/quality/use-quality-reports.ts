/** Tells the server every ten seconds what this browser has counted of what it hears. */
import { useEffect } from 'react';
import { systemClock } from '../../../base/clock';
import { useDesk } from '../desk/desk-context';
import { browserCounters } from './browser-counters';

const REPORT_MS = 10_000;

export const useQualityReports = (callId: string | undefined): void => {
  const { link, phone } = useDesk();
  useEffect(() => {
    if (callId === undefined || !phone) return undefined;
    const report = async (): Promise<void> => {
      const counters = browserCounters((await phone.statsOf(callId)) ?? []);
      if (counters) await link.send({ command: 'report-quality', callId, counters });
    };
    // A report that could not be sent is made up for by the next: counters only grow.
    const timer = systemClock.every(REPORT_MS, () => void report().catch(() => undefined));
    return () => timer.cancel();
  }, [callId, link, phone]);
};
