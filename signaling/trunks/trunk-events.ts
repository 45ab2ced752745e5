/** What happens to trunks, as events; alarms are made of them. */
import type { RegistrationState } from './registration';
import type { TrunkCause } from './trunk-cause';

/**
 * `up`: calls can go out. `unknown`: nobody has tried yet. `degraded`: some of its proxies are down. `down`: none can be
 * reached, or its registration has failed. `admin-down`: switched off. `inbound-only`: it has no proxy.
 */
export type TrunkState = 'up' | 'unknown' | 'degraded' | 'down' | 'admin-down' | 'inbound-only';

export interface TrunkEvents {
  /** A trunk as a whole; `down` is an alarm, `up` after it the alarm's end. */
  state: [change: { trunkId: string; from: TrunkState; to: TrunkState; cause: TrunkCause; atMs: number }];
  registration: [change: { trunkId: string; state: RegistrationState; atMs: number }];
  /** A call that a trunk's limit refused or sent elsewhere. */
  limited: [refusal: { trunkId: string; direction: 'inbound' | 'outbound'; limit: string; atMs: number }];
}
