/** Whom to give the call to, at once or after asking: one dialog for agents, queues and numbers. */
import { Alert, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueView, TransferTargetBody } from '../../../api/contract/common';
import type { Colleague } from '../../../api/contract/rest';
import { faultText } from '../i18n/fault-text';
import type { CurrentCall } from './current-call';
import { useDesk, useDeskState } from './desk-context';
import { AgentTargets, NumberTarget, QueueTargets } from './transfer-targets';
import type { TransferKind } from './transfer-targets';
import { useCommand } from './use-call-actions';
import { canTakeCall, useColleagues } from './use-colleagues';
import './transfer-dialog.css';

interface TransferDialogProps {
  readonly call: CurrentCall;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Who can take a call comes first, then by name. */
const byUse = (one: Colleague, other: Colleague): number =>
  Number(canTakeCall(other)) - Number(canTakeCall(one)) || one.displayName.localeCompare(other.displayName);

const matches = (wanted: string, ...texts: readonly (string | undefined)[]): boolean =>
  texts.some((text) => text?.toLowerCase().includes(wanted.trim().toLowerCase()));

const useTargets = (wanted: string) => {
  const { colleagues, error } = useColleagues();
  const { queues } = useDeskState();
  const { session } = useDesk();
  const own = session.user.agent?.agentId;
  const agents = (colleagues ?? [])
    .filter(({ agentId, state }) => agentId !== own && state !== 'signed-out')
    .filter(({ displayName, displayNameZh, extension }) => matches(wanted, displayName, displayNameZh, extension))
    .sort(byUse);
  const found: readonly QueueView[] = queues.filter(({ name, nameZh }) => matches(wanted, name, nameZh));
  return { agents, queues: found, error };
};

const DialogBody = ({ call, onClose }: Omit<TransferDialogProps, 'open'>) => {
  const { t } = useTranslation();
  const command = useCommand();
  const [wanted, setWanted] = useState('');
  const [busy, setBusy] = useState(false);
  const { agents, queues, error } = useTargets(wanted);
  const choose = async (kind: TransferKind, target: TransferTargetBody): Promise<void> => {
    setBusy(true);
    const done = await command({ command: kind, callId: call.callId, target });
    setBusy(false);
    if (done) onClose();
  };
  const choice = { busy, choose: (kind: TransferKind, target: TransferTargetBody) => void choose(kind, target) };
  return (
    <div className="transfer" data-testid="transfer-dialog">
      <Input.Search
        value={wanted}
        allowClear
        autoFocus
        placeholder={t('transfer.search')}
        aria-label={t('transfer.search')}
        onChange={(event) => setWanted(event.target.value)}
        data-testid="transfer-search"
      />
      {error && <Alert type="error" showIcon title={t('team.failed', { message: faultText(error, t) })} />}
      <section aria-label={t('transfer.agents')}>
        <h3>{t('transfer.agents')}</h3>
        <AgentTargets agents={agents} {...choice} />
      </section>
      <section aria-label={t('transfer.queues')}>
        <h3>{t('transfer.queues')}</h3>
        <QueueTargets queues={queues} {...choice} />
      </section>
      <section aria-label={t('transfer.number')}>
        <h3>{t('transfer.number')}</h3>
        <NumberTarget {...choice} />
      </section>
      <p className="transfer-hint">{t('transfer.hint')}</p>
    </div>
  );
};

export const TransferDialog = ({ call, open, onClose }: TransferDialogProps) => {
  const { t } = useTranslation();
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={t('transfer.title')} width={620} destroyOnHidden>
      <DialogBody call={call} onClose={onClose} />
    </Modal>
  );
};
