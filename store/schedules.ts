/** What agents are to do when, as administrators set it. */
import type { Activity } from '../acd/hours/schedule';
import type { AgentId } from '../base/ids';
import type { HoursSpan, Named } from './queues';

export interface StoredShift extends HoursSpan {
  activity: Activity;
}

export interface StoredSchedule extends Named {
  /** Whose it is: these agents, and those of these teams who have none of their own. */
  agents: AgentId[];
  teams: string[];
  /** IANA's name, such as `Asia/Shanghai`. */
  timeZone: string;
  /** Holds from this date (`YYYY-MM-DD`) on, and until that one, both included; always when absent. */
  firstDate?: string | undefined;
  lastDate?: string | undefined;
  /** Days from 1 (Monday) to 7. */
  weekly: (StoredShift & { days: number[] })[];
  /** What holds on a date instead of the weekly shifts; nothing without hours. */
  exceptions: { date: string; name?: string | undefined; hours: StoredShift[] }[];
  /** Grows by one with every change; 0 when absent. */
  version?: number | undefined;
}
