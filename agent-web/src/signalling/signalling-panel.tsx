/** For supervisors: the SIP messages of a call, as a ladder. Asked for when somebody wants to see them: each reading is audited. */
import { DownloadOutlined, SwapOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/http';
import { readTrace, tracePath } from '../api/resources';
import { faultText } from '../i18n/fault-text';
import { LeadersPanel } from '../layout/leaders-panel';
import { ladderOf } from './ladder';
import { LadderView } from './ladder-view';

/** Why there is nothing to show, where that is no error; undefined for what is one. */
const absenceOf = (error: unknown): 'notKept' | 'notAvailable' | undefined => {
  if (!(error instanceof ApiError)) return undefined;
  if (error.code === 'not_found') return 'notKept';
  return error.code === 'unsupported' ? 'notAvailable' : undefined;
};

interface SignallingProps {
  readonly interactionId: string;
  /** A call that goes on is read once more when it is over. */
  readonly ended: boolean;
}

const Signalling = ({ interactionId, ended }: SignallingProps) => {
  const { t } = useTranslation();
  const { data, error } = useQuery({
    queryKey: ['trace', interactionId, ended],
    queryFn: () => readTrace(interactionId),
    refetchOnWindowFocus: false,
  });
  const ladder = useMemo(() => data && ladderOf(data), [data]);
  const absence = ladder?.arrows.length === 0 ? 'notKept' : absenceOf(error);
  if (absence) return <p data-testid="signalling-absent">{t(`signalling.${absence}`)}</p>;
  if (error) return <Alert type="error" showIcon title={faultText(error, t)} />;
  if (!ladder) return <p>{t('app.loading')}</p>;
  return (
    <>
      <LadderView ladder={ladder} />
      <div className="signalling-links">
        {(['text', 'pcap'] as const).map((format) => (
          <Button
            key={format}
            size="small"
            icon={<DownloadOutlined />}
            href={tracePath(interactionId, format)}
            download
            data-testid={`trace-${format}`}
          >
            {t(`signalling.${format}`)}
          </Button>
        ))}
        <p>{t('signalling.hint')}</p>
      </div>
    </>
  );
};

export const SignallingPanel = (props: SignallingProps) => {
  const { t } = useTranslation();
  return (
    <LeadersPanel title={t('signalling.title')} icon={<SwapOutlined />} testId="signalling-open">
      <Signalling {...props} />
    </LeadersPanel>
  );
};
