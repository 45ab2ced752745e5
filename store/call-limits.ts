/** How much may be called outside, as administrators set it, and how much has been called today. */

/** Limits of calls to numbers of these classes. What is absent is left to a less exact limit. */
export interface CallLimit {
  _id: string;
  /** Ids of number classes; all when empty. */
  classes: string[];
  /** Such as `agent:anna`, `phone:2001` or `trunk:carrier`; everybody when empty. */
  accounts: string[];
  maxConcurrent?: number | undefined;
  maxPerMinute?: number | undefined;
  /** In the currency of the outbound routes. */
  maxCostPerDay?: number | undefined;
}

/** What an account has spent on numbers of one class. */
export interface CallUsage {
  /** Account and number class, with a blank between them. */
  _id: string;
  account: string;
  numberClass: string;
  /** Such as `2026-05-01`, in the server's time zone. */
  day: string;
  cost: number;
  /** Since when the account may not call this class; it stays so over midnight. */
  lockedAtMs?: number | undefined;
}
