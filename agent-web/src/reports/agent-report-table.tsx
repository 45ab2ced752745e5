/** What each agent has done, and all of them together. */
import { useTranslation } from 'react-i18next';
import { notReadyReasonSchema } from '../../../api/contract/common';
import type { AgentFiguresView, AgentReportView } from '../../../api/contract/agent-report';
import { formatDuration } from '../i18n/format';
import { localName } from '../i18n/local-name';
import { percentText } from '../wallboard/wallboard-figures';
import { notReadyMs } from './agent-report-csv';

const COLUMNS = [
  'signedIn',
  'ready',
  'notReady',
  'conversation',
  'wrapUp',
  'offers',
  'missed',
  'answered',
  'handling',
  'occupancy',
  'adherence',
] as const;

const duration = (ms: number | undefined): string => (ms === undefined ? '–' : formatDuration(ms));

const NotReady = ({ figures }: { readonly figures: AgentFiguresView }) => {
  const { t } = useTranslation();
  const reasons = notReadyReasonSchema.options.filter((reason) => (figures.notReadyMs[reason] ?? 0) > 0);
  return (
    <>
      {duration(notReadyMs(figures))}
      {reasons.map((reason) => (
        <span key={reason} className="report-reason">
          {t(`state.reason.${reason}`)} {duration(figures.notReadyMs[reason])}
        </span>
      ))}
    </>
  );
};

const Figures = ({ figures }: { readonly figures: AgentFiguresView }) => (
  <>
    <td className="figures">{duration(figures.signedInMs)}</td>
    <td className="figures">{duration(figures.readyMs)}</td>
    <td className="figures">
      <NotReady figures={figures} />
    </td>
    <td className="figures">{duration(figures.conversationMs)}</td>
    <td className="figures">{duration(figures.wrapUpMs)}</td>
    <td className="figures">{figures.offers}</td>
    <td className={`figures${figures.missed > 0 ? ' report-missed' : ''}`}>{figures.missed}</td>
    <td className="figures">{figures.answered}</td>
    <td className="figures">{duration(figures.averageHandleMs)}</td>
    <td className="figures" data-testid="report-occupancy">
      {percentText(figures.occupancy)}
    </td>
    <td className="figures report-adherence" data-testid="report-adherence">
      {percentText(figures.adherence)}
    </td>
  </>
);

export const AgentReportTable = ({ report }: { readonly report: AgentReportView }) => {
  const { t } = useTranslation();
  return (
    <table className="wallboard-table report-table">
      <thead>
        <tr>
          <th scope="col">{t('reports.column.agent')}</th>
          {COLUMNS.map((column) => (
            <th key={column} scope="col">
              {t(`reports.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {report.items.map(({ agentId, displayName, displayNameZh, total }) => (
          <tr key={agentId} data-testid="report-row" data-agent={agentId}>
            <th scope="row">{displayName === undefined ? agentId : localName(displayName, displayNameZh)}</th>
            <Figures figures={total} />
          </tr>
        ))}
        <tr className="report-all" data-testid="report-all">
          <th scope="row">{t('reports.all')}</th>
          <Figures figures={report.total} />
        </tr>
      </tbody>
    </table>
  );
};
