/** For supervisors: what agents have done on chosen days, to read and to take along. */
import { DownloadOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Button, Input, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentReportView } from '../../../api/contract/agent-report';
import { readAgentReport } from '../api/workforce';
import { useServerNow } from '../desk/use-now';
import { faultText } from '../i18n/fault-text';
import { agentReportCsv } from './agent-report-csv';
import { AgentReportTable } from './agent-report-table';
import { millisecondsOf, PRESETS, refreshMsOf, spanOf } from './report-span';
import type { DaySpan, Preset } from './report-span';
import '../wallboard/wallboard.css';
import './reports.css';

const useReport = (span: DaySpan, nowMs: number) => {
  const asked = millisecondsOf(span);
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: ['agent-report', asked?.fromMs, asked?.toMs],
    queryFn: () => readAgentReport(asked?.fromMs ?? 0, asked?.toMs ?? 0),
    refetchInterval: asked ? refreshMsOf(asked, nowMs) : false,
    placeholderData: keepPreviousData,
    enabled: asked !== undefined,
  });
  return { report: asked && data, error: asked ? error : null, isWrong: !asked, isStale: isPlaceholderData };
};

const save = (text: string, fileName: string): void => {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
};

interface SpanFieldsProps {
  readonly span: DaySpan;
  readonly onChange: (span: DaySpan) => void;
}

const SpanFields = ({ span, onChange }: SpanFieldsProps) => {
  const { t } = useTranslation();
  const nowMs = useServerNow(60_000);
  const preset = PRESETS.find((one) => {
    const { from, to } = spanOf(one, nowMs);
    return from === span.from && to === span.to;
  });
  return (
    <div className="report-span">
      <Segmented<Preset | ''>
        value={preset ?? ''}
        onChange={(chosen) => chosen && onChange(spanOf(chosen, nowMs))}
        options={PRESETS.map((value) => ({ value, label: t(`reports.span.${value}`) }))}
        data-testid="report-preset"
      />
      {(['from', 'to'] as const).map((end) => (
        <Input
          key={end}
          type="date"
          value={span[end]}
          aria-label={t(`reports.${end}`)}
          title={t(`reports.${end}`)}
          onChange={({ target }) => onChange({ ...span, [end]: target.value })}
          data-testid={`report-${end}`}
        />
      ))}
    </div>
  );
};

const Fairness = ({ report }: { readonly report: AgentReportView }) => {
  const { t } = useTranslation();
  const [contacts = '–', time = '–'] = [report.fairnessOfContacts, report.fairnessOfTime].map((index) =>
    index?.toFixed(2),
  );
  return (
    <p className="report-notes">
      {t('reports.explained')} {t('reports.fairness', { contacts, time })}
    </p>
  );
};

export const ReportsPage = () => {
  const { t } = useTranslation();
  const nowMs = useServerNow(60_000);
  const [span, setSpan] = useState<DaySpan>(() => spanOf('today', nowMs));
  const { report, error, isWrong, isStale } = useReport(span, nowMs);
  const isEmpty = report?.items.length === 0;
  return (
    <div className="page">
      <header className="page-head wallboard-head">
        <div>
          <h1>{t('reports.title')}</h1>
          <p>{t('reports.hint')}</p>
        </div>
        <Button
          icon={<DownloadOutlined />}
          disabled={!report || isEmpty || isStale}
          onClick={() =>
            report && save(agentReportCsv(report, t), `${t('reports.fileName')} ${span.from} ${span.to}.csv`)
          }
          data-testid="report-download"
        >
          {t('reports.download')}
        </Button>
      </header>
      <SpanFields span={span} onChange={setSpan} />
      {isWrong && <Alert type="warning" showIcon title={t('reports.spanWrong')} />}
      {error && <Alert type="error" showIcon title={t('reports.notRead', { message: faultText(error, t) })} />}
      <section className="wallboard panel" aria-label={t('reports.title')} aria-busy={isStale}>
        {report && !isEmpty && <AgentReportTable report={report} />}
        {isEmpty && <p className="wallboard-none">{t('reports.none')}</p>}
        {!report && !error && !isWrong && <p className="wallboard-none">{t('app.loading')}</p>}
      </section>
      {report && !isEmpty && <Fairness report={report} />}
    </div>
  );
};
