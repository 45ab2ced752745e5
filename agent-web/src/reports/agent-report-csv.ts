/** The report of agents as a table for other programs: durations in seconds, shares in percent. Pure. */
import type { TFunction } from 'i18next';
import { notReadyReasonSchema } from '../../../api/contract/common';
import type { AgentFiguresView, AgentReportView } from '../../../api/contract/agent-report';
import { localName } from '../i18n/local-name';

const REASONS = notReadyReasonSchema.options;
/** Spreadsheets take a file without it for one of another alphabet. */
const BYTE_ORDER_MARK = '\ufeff';

/** Quoted where it must be; what a spreadsheet would take for a formula is made text. */
const cell = (value: string | number | undefined): string => {
  const text = String(value ?? '');
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : Math.round(ms / 1000));
const percent = (share: number | undefined): string | undefined =>
  share === undefined ? undefined : (share * 100).toFixed(1);

export const agentReportCsv = (report: AgentReportView, t: TFunction): string => {
  const inSeconds = (what: string): string => t('reports.seconds', { what });
  const inPercent = (what: string): string => t('reports.percent', { what });
  const head = [
    t('reports.column.agent'),
    ...(['signedIn', 'ready', 'notReady'] as const).map((column) => inSeconds(t(`reports.column.${column}`))),
    ...REASONS.map((reason) => inSeconds(t(`state.reason.${reason}`))),
    ...(['ringing', 'conversation', 'wrapUp'] as const).map((column) => inSeconds(t(`reports.column.${column}`))),
    ...(['offers', 'missed', 'answered'] as const).map((column) => t(`reports.column.${column}`)),
    inSeconds(t('reports.column.handling')),
    inPercent(t('reports.column.occupancy')),
    inSeconds(t('reports.column.scheduled')),
    inPercent(t('reports.column.adherence')),
  ];
  const rows = report.items.map(({ agentId, displayName, displayNameZh, total }) => [
    displayName === undefined ? agentId : localName(displayName, displayNameZh),
    ...cellsOf(total),
  ]);
  const lines = [head, ...rows, [t('reports.all'), ...cellsOf(report.total)]];
  return BYTE_ORDER_MARK + lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('');
};

/** Of all reasons together. */
export const notReadyMs = ({ notReadyMs: byReason }: AgentFiguresView): number =>
  Object.values(byReason).reduce((a, b) => a + b, 0);

const cellsOf = (figures: AgentFiguresView): (string | number | undefined)[] => [
  ...[figures.signedInMs, figures.readyMs, notReadyMs(figures)].map(seconds),
  ...REASONS.map((reason) => seconds(figures.notReadyMs[reason] ?? 0)),
  ...[figures.ringingMs, figures.conversationMs, figures.wrapUpMs].map(seconds),
  ...[figures.offers, figures.missed, figures.answered],
  seconds(figures.averageHandleMs),
  percent(figures.occupancy),
  seconds(figures.scheduledMs),
  percent(figures.adherence),
];
