/** A trunk's state as the API shows it. */
import type { TrunkStatus } from '../api/contract/trunk-status';
import type { Registration } from '../signaling/trunks/registration';
import { causeText } from '../signaling/trunks/trunk-cause';
import type { TrunkLine } from '../signaling/trunks/trunk-line';

const NOTHING: TrunkStatus = {
  state: 'unknown',
  callsIn: 0,
  callsOut: 0,
  counts: { inbound: 0, outbound: 0, outboundAnswered: 0, outboundFailed: 0, refusedByLimit: 0 },
  proxies: [],
};

/** @param line absent as long as the gateway has not begun. */
export const statusOf = (line: TrunkLine | undefined): TrunkStatus => {
  if (!line) return NOTHING;
  const { state, calls, counts, registration } = line;
  return {
    state,
    callsIn: calls.inbound,
    callsOut: calls.outbound,
    counts: { ...counts },
    proxies: line.proxyLines.map(({ name, health, lastProbe }) => ({
      name,
      state: health.name,
      sinceMs: health.sinceMs,
      ...(health.name === 'down' && { why: causeText(health.cause) }),
      ...(lastProbe && { lastProbe }),
    })),
    ...(registration && { registration: registrationOf(registration) }),
  };
};

const registrationOf = ({ state }: Registration): NonNullable<TrunkStatus['registration']> => ({
  state: state.name,
  ...('registeredUntilMs' in state && { registeredUntilMs: state.registeredUntilMs }),
  ...(state.name === 'waiting' && { retryAtMs: state.retryAtMs, why: causeText(state.cause) }),
});
