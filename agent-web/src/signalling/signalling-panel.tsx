/** For supervisors: the SIP messages of a call, as a ladder. Asked for when somebody wants to see them: each reading is audited. */
import { DownloadOutlined, SwapOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/http';
import { readTrace, tracePath } from '../api/resources';
import { useDesk } from '../desk/desk-context';
import { faultText } from '../i18n/fault-text';
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
  if (absence) {
    return (
      <p className="signalling-note" data-testid="signalling-absent">
        {t(`signalling.${absence}`)}
      </p>
    );
  }
  if (error) return <Alert type="error" showIcon title={faultText(error, t)} />;
  if (!ladder) return <p className="signalling-note">{t('app.loading')}</p>;
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
        <span className="signalling-note">{t('signalling.hint')}</span>
      </div>
    </>
  );
};

export const SignallingPanel = (props: SignallingProps) => {
  const { t } = useTranslation();
  const { session } = useDesk();
  const [open, setOpen] = useState(false);
  const leads = session.user.roles.some((role) => role !== 'agent');
  if (!leads) return null;
  return (
    <div className="signalling">
      <Button
        size="small"
        icon={<SwapOutlined />}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        data-testid="signalling-open"
      >
        {t('signalling.title')}
      </Button>
      {open && <Signalling {...props} />}
    </div>
  );
};
