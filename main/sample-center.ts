/** The small center that an empty data folder begins with: one number, one flow, two queues, five accounts, two phones. */
import type { FlowDocument } from '../flows/document';

/** In both languages, one after the other: a caller's language is not known before the menu. */
const inBothLanguages = (...names: string[]): { prompt: string; language: string }[] =>
  ['en', 'zh-CN'].flatMap((language) => names.map((prompt) => ({ prompt, language })));

export const SAMPLE_NUMBER = '4000';

/** Eight of ten callers are to be answered within 20 seconds. */
const SERVICE_LEVEL = { targetMs: 20_000, percent: 80 };

export const SAMPLE_QUEUES = [
  {
    ...{ queueId: 'support', name: 'Support', nameZh: '技术支持' },
    ...{ skills: { support: 1 }, serviceLevel: SERVICE_LEVEL },
  },
  {
    ...{ queueId: 'sales', name: 'Sales', nameZh: '销售服务' },
    ...{ skills: { sales: 1 }, serviceLevel: SERVICE_LEVEL },
  },
] as const;

export const SAMPLE_SKILLS = [
  { _id: 'support', name: 'Technical support', nameZh: '技术支持' },
  { _id: 'sales', name: 'Sales advice', nameZh: '销售咨询' },
] as const;

export const SAMPLE_TEAMS = [{ _id: 'day', name: 'Day shift', nameZh: '日班' }] as const;

/** For queues that are not open round the clock; the sample's own are. */
export const SAMPLE_CALENDAR = {
  ...{ _id: 'office-hours', name: 'Office hours', nameZh: '工作时间', timeZone: 'Asia/Shanghai' },
  weekly: [{ days: [1, 2, 3, 4, 5], from: '08:30', to: '18:00' }],
  exceptions: [],
};

const SAMPLE_WAIT = {
  music: 'default',
  greeting: 'none',
  priority: 0,
  prompts: inBothLanguages('please-wait'),
} as const;

export const SAMPLE_FLOW: FlowDocument = {
  id: 'main-number',
  version: 1,
  title: 'Main number: greeting and menu',
  start: 'answer',
  steps: {
    answer: { do: 'answer', next: 'greeting' },
    greeting: { do: 'play', prompts: inBothLanguages('welcome', 'record-notice'), next: 'menu' },
    menu: {
      do: 'menu',
      prompts: inBothLanguages('menu'),
      choices: { '1': { next: 'support' }, '2': { next: 'sales' } },
      timeoutMs: 5000,
      attempts: 2,
      invalid: inBothLanguages('invalid-choice'),
      otherwise: 'support',
    },
    support: { do: 'enqueue', queue: 'support', ...SAMPLE_WAIT },
    sales: { do: 'enqueue', queue: 'sales', ...SAMPLE_WAIT },
  },
};

export interface SampleUser {
  readonly userName: string;
  readonly displayName: string;
  readonly displayNameZh: string;
  readonly role: 'agent' | 'supervisor' | 'administrator';
  readonly agent?: {
    readonly extension: string;
    readonly skills: Readonly<Record<string, number>>;
    readonly grade?: number;
    readonly teams?: readonly string[];
  };
}

export const SAMPLE_USERS: readonly SampleUser[] = [
  {
    userName: 'agent1',
    displayName: 'Anna Berg',
    displayNameZh: '安娜',
    role: 'agent',
    agent: { extension: '1001', skills: { support: 8, sales: 5 }, grade: 3, teams: ['day'] },
  },
  {
    userName: 'agent2',
    displayName: 'Li Wei',
    displayNameZh: '李伟',
    role: 'agent',
    agent: { extension: '1002', skills: { support: 5, sales: 9 }, grade: 2, teams: ['day'] },
  },
  { userName: 'super1', displayName: 'Sofia Meier', displayNameZh: '索菲亚', role: 'supervisor' },
  {
    userName: 'lead1',
    displayName: 'Mei Lin',
    displayNameZh: '林梅',
    role: 'supervisor',
    // A seat of the own to listen and talk by, which gets no calls of the queues.
    agent: { extension: '1009', skills: {} },
  },
  { userName: 'admin', displayName: 'Administrator', displayNameZh: '管理员', role: 'administrator' },
];

/** Two desk phones, which may call inside the center only. */
export const SAMPLE_PHONES = [
  { extension: '2001', displayName: 'Reception', displayNameZh: '前台', mayCallOutside: false },
  { extension: '2002', displayName: 'Back office', displayNameZh: '后台', mayCallOutside: false },
] as const;
