import i18next from 'i18next';
import type { AgentFiguresView, AgentReportView } from '../../../api/contract/agent-report';
import { agentReportCsv } from '../../../agent-web/src/reports/agent-report-csv';
import { millisecondsOf, refreshMsOf, spanOf } from '../../../agent-web/src/reports/report-span';
import { en } from '../../../agent-web/src/i18n/en';
import { zh } from '../../../agent-web/src/i18n/zh';

const FIGURES: AgentFiguresView = {
  ...{ signedInMs: 3_600_000, readyMs: 1_800_000, notReadyMs: { break: 600_000, lunch: 300_499 } },
  ...{ ringingMs: 0, conversationMs: 900_000, wrapUpMs: 0, offers: 5, missed: 1, answered: 4 },
  ...{ averageHandleMs: 225_000, occupancy: 0.25, scheduledMs: 3_600_000, adherence: 0.75 },
};

describe('the report for other programs', () => {
  const csv = async (language: 'en' | 'zh', names: readonly string[]): Promise<string[][]> => {
    const resources = { en: { translation: en }, zh: { translation: zh } };
    await i18next.init({ lng: language, resources, interpolation: { escapeValue: false } });
    const items = names.map((displayName, place) => ({
      agentId: `a${place}`,
      displayName,
      total: FIGURES,
      intervals: [],
    }));
    const { averageHandleMs: _mean, adherence: _share, ...total } = FIGURES;
    const report: AgentReportView = { items, total, fairnessOfContacts: 1 };
    const text = agentReportCsv(report, i18next.t);
    expect(text.startsWith('\ufeff')).toBe(true);
    const lines = text.slice(1).split('\r\n');
    expect(lines.pop()).toBe('');
    return lines.map((line) => line.split(','));
  };

  it('has a line for each agent and one for all, as many cells in each, and nothing where there is no figure', async () => {
    const [head = [], ann = [], all = []] = await csv('en', ['Ann']);
    const at = (line: string[], column: string): string | undefined => line[head.indexOf(column)];
    expect([ann.length, all.length]).toEqual([head.length, head.length]);
    expect([ann[0], all[0]]).toEqual(['Ann', 'All']);
    expect(at(ann, 'Signed in (s)')).toBe('3600');
    expect(at(ann, 'Not ready (s)')).toBe('900');
    expect(at(ann, 'Adherence (%)')).toBe('75.0');
    expect(at(ann, 'Handling time (s)')).toBe('225');
    expect(at(all, 'Handling time (s)')).toBe('');
    expect(at(all, 'Adherence (%)')).toBe('');
  });

  it('has its headings in Chinese, too', async () => {
    const [head] = await csv('zh', []);
    expect(head?.[0]).toBe('坐席');
    expect(head?.at(-1)).toBe('班表遵守率（百分比）');
  });

  it('quotes what would be two cells, and lets no name be a formula', async () => {
    const [, comma, formula] = await csv('en', ['Berg, "Anna"', '=1+1']);
    expect(comma?.slice(0, 2).join(',')).toBe('"Berg, ""Anna"""');
    expect(formula?.[0]).toBe("'=1+1");
  });
});

describe('the days of a report', () => {
  const nowMs = new Date(2026, 2, 1, 0, 30).getTime();

  it.each([
    ['today', { from: '2026-03-01', to: '2026-03-01' }],
    ['yesterday', { from: '2026-02-28', to: '2026-02-28' }],
    ['week', { from: '2026-02-23', to: '2026-03-01' }],
  ] as const)('%s', (preset, span) => {
    expect(spanOf(preset, nowMs)).toEqual(span);
  });

  it('go from midnight to midnight where the reader is', () => {
    expect(millisecondsOf({ from: '2026-02-28', to: '2026-03-01' })).toEqual({
      fromMs: new Date(2026, 1, 28).getTime(),
      toMs: new Date(2026, 2, 2).getTime(),
    });
  });

  it.each([
    ['the day that goes on, often', { from: '2026-03-01', to: '2026-03-01' }, 30_000],
    ['a week that goes on, seldom', { from: '2026-02-23', to: '2026-03-01' }, 300_000],
    ['what is over, never', { from: '2026-02-23', to: '2026-02-28' }, false],
  ] as const)('are read again: %s', (_which, span, everyMs) => {
    expect(refreshMsOf(millisecondsOf(span)!, nowMs)).toBe(everyMs);
  });

  it.each([
    { from: '2026-03-02', to: '2026-03-01' },
    { from: '', to: '2026-03-01' },
    { from: '2026-01-01', to: '2026-12-31' },
  ])('%j is none', (span) => {
    expect(millisecondsOf(span)).toBeUndefined();
  });
});
