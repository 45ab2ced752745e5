/** Joins the ban book to the alarms and to the edge: what happens when somebody fails too often, or knocks too often. */
import type { Alarms, NewAlarm } from '../../base/alarms';
import type { Clock } from '../../base/clock';
import type { Attempt, Ban, BanKind, GuardRecords } from '../guard/ban-book';
import { BanBook } from '../guard/ban-book';

export interface IntrudersDependencies {
  readonly clock: Clock;
  readonly alarms: Pick<Alarms, 'raise'>;
  readonly isExempt: (source: string) => boolean;
  readonly onSourcesChanged: () => void;
  readonly records: GuardRecords | undefined;
}

/** The bans as administrators see them. */
export interface BanDesk {
  list(): Ban[];
  /** False when there is no such ban. */
  lift(id: string): boolean;
}

export const createBanBook = ({ clock, alarms, ...deps }: IntrudersDependencies): BanBook =>
  new BanBook(clock, {
    ...deps,
    onAlarm: ({ attempt, bans }) => alarms.raise(alarmOf(attempt, bans)),
  });

const WHAT_HAPPENED: Readonly<Record<BanKind, (attempt: Attempt) => string>> = {
  source: ({ source }) => `${source} is banned: it failed to sign in ten times`,
  pair: ({ source, account }) => `${source} may not sign in as ${account} for now: it failed ten times`,
  account: ({ account }) => `${account} is under attack: only places where it has signed in before may sign in as it`,
};

const alarmOf = (attempt: Attempt, bans: readonly Ban[]): NewAlarm => {
  const [ban] = bans;
  const { source, account } = attempt;
  const shown = { source, account: account.slice(0, 64) };
  const details = ban ? { ...shown, untilMs: ban.untilMs, level: ban.level } : shown;
  if (!ban) {
    const message = `${source} failed to sign in ten times under several names, but good users are there, too`;
    return { kind: 'sign-in-failures', severity: 'warning', message, details };
  }
  return { kind: `${ban.kind}-banned`, severity: 'warning', message: WHAT_HAPPENED[ban.kind](shown), details };
};

/** What the edge's notice of a knocking stranger becomes. */
export const knockingAlarm = (json: string): NewAlarm | undefined => {
  try {
    const { network, refused, method, userAgent } = JSON.parse(json) as Record<string, unknown>;
    if (typeof network !== 'string' || typeof refused !== 'number') return undefined;
    const details = { source: network, refused, method: String(method), userAgent: String(userAgent ?? '') };
    const message = `${network} is no peer of ours and has been refused ${refused} times within a minute`;
    return { kind: 'stranger-knocks', severity: 'warning', message, details };
  } catch {
    return undefined;
  }
};
