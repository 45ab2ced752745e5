/** What administrators set about queues, agents and the hours in which queues are open. */
import type { AgentConfig, QueueConfig } from '../acd/core/config';
import type { QueueId } from '../base/ids';
import type { WaitingTerms } from './waiting-terms';

export interface Queue extends Omit<QueueConfig, 'queueId'> {
  _id: QueueId;
  name: string;
  nameZh?: string | undefined;
  /** What callers hear and may do while they wait. */
  waiting?: WaitingTerms | undefined;
  /** When it is open; always when absent. */
  calendarId?: string | undefined;
  /** When its customers may be called back; at any time when absent. */
  callbackCalendarId?: string | undefined;
  /** Grows by one with every change; 0 when absent. */
  version?: number | undefined;
}

/** What is set about an agent beside the skills; part of the user. */
export type AgentProfile = Partial<Omit<AgentConfig, 'agentId' | 'skills'>>;

/** Something that has nothing but names in both languages: a skill, a team. */
export interface Named {
  _id: string;
  name: string;
  nameZh?: string | undefined;
}

/** One of several who share the installation. */
export interface Tenant extends Named {
  /** User names of those who see nothing of other tenants. */
  supervisors?: string[] | undefined;
}

/** Wall-clock times of the calendar's zone, `HH:MM`; one that ends no later than it begins ends on the next day. */
export interface HoursSpan {
  from: string;
  /** Up to `24:00`. */
  to: string;
}

export interface StoredCalendar extends Named {
  /** IANA's name, such as `Asia/Shanghai`. */
  timeZone: string;
  /** Days from 1 (Monday) to 7. */
  weekly: (HoursSpan & { days: number[] })[];
  /** What holds on a date instead of the weekly hours; without hours the queue is closed on it. */
  exceptions: { date: string; name?: string | undefined; hours: HoursSpan[] }[];
  /** Grows by one with every change; 0 when absent. */
  version?: number | undefined;
}
