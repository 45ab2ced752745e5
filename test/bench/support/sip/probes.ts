/** How calls that were placed all the while fared, by SIPp's log of messages. */

/**
 * When the last INVITE was sent that did not get its 200 within `normalMs`: it was refused, late, or not answered at
 * all. Milliseconds since 1970; 0 when there was none. An INVITE in the last `normalMs` of the log is too young to tell.
 */
export const lastAbnormalMs = (log: string, normalMs: number): number => {
  const sentAtMs = new Map<string, number>();
  const answeredAtMs = new Map<string, number>();
  let lastMs = 0;
  for (const line of log.split('\n')) {
    const [, , time, way, callId = '', cseq = '', first = ''] = line.split('\t');
    if (time === undefined || !/ INVITE$/.test(cseq)) continue;
    lastMs = Number(time) * 1_000;
    if (way === 'S' && !sentAtMs.has(callId)) sentAtMs.set(callId, lastMs);
    if (way === 'R' && first.startsWith('SIP/2.0 200') && !answeredAtMs.has(callId)) answeredAtMs.set(callId, lastMs);
  }
  const abnormal = [...sentAtMs].filter(
    ([callId, sentMs]) => sentMs < lastMs - normalMs && !((answeredAtMs.get(callId) ?? Infinity) - sentMs <= normalMs),
  );
  return abnormal.reduce((latest, [, sentMs]) => Math.max(latest, sentMs), 0);
};
