/** What those who lead the agents order about a contact that waits. */
import { DownOutlined } from '@ant-design/icons';
import { App, Button, Dropdown } from 'antd';
import type { MenuProps } from 'antd';
import { useTranslation } from 'react-i18next';
import type { AgentView } from '../../../api/contract/common';
import type { ContactAction, WaitingContactView } from '../../../api/contract/waiting';
import { directContact } from '../api/resources';
import { useDeskState } from '../desk/desk-context';
import { faultText } from '../i18n/fault-text';
import { localName } from '../i18n/local-name';

/** A step is worth a minute of waiting. */
const PRIORITIES = [0, 1, 2, 5, 10, 30] as const;

interface ContactMenuProps {
  readonly contact: WaitingContactView;
  /** Who could be given it now. */
  readonly ready: readonly AgentView[];
  readonly onDone: () => void;
}

export const ContactMenu = ({ contact, ready, onDone }: ContactMenuProps) => {
  const { t } = useTranslation();
  const { queues } = useDeskState();
  const { message, modal } = App.useApp();
  const direct = (action: ContactAction): void => {
    directContact(contact.contactId, action).then(onDone, (error: unknown) => {
      void message.error(t('call.commandFailed', { message: faultText(error, t) }));
      onDone();
    });
  };
  const remove = (): void =>
    void modal.confirm({
      title: t('waiting.removeTitle', { number: contact.number }),
      content: t(contact.kind === 'callback' ? 'waiting.removeCallback' : 'waiting.removeCaller'),
      okText: t('waiting.remove'),
      okButtonProps: { danger: true },
      onOk: () => direct({ do: 'remove' }),
    });
  const items: MenuProps['items'] = [
    {
      key: 'priority',
      label: t('waiting.priority'),
      children: PRIORITIES.map((priority) => ({
        key: `priority-${priority}`,
        label: <span data-testid={`contact-priority-${priority}`}>{priority}</span>,
        disabled: priority === contact.priority,
        onClick: () => direct({ do: 'prioritise', priority }),
      })),
    },
    {
      key: 'move',
      label: t('waiting.move'),
      disabled: contact.kind === 'consult' || queues.length < 2,
      children: queues
        .filter(({ queueId }) => queueId !== contact.queueId)
        .map(({ queueId, name, nameZh }) => ({
          key: `move-${queueId}`,
          label: <span data-testid={`contact-move-${queueId}`}>{localName(name, nameZh)}</span>,
          onClick: () => direct({ do: 'move', queueId }),
        })),
    },
    {
      key: 'assign',
      label: t('waiting.assign'),
      disabled: ready.length === 0 || contact.state === 'resting',
      children: ready.map(({ agentId, displayName, displayNameZh }) => ({
        key: `assign-${agentId}`,
        label: <span data-testid={`contact-assign-${agentId}`}>{localName(displayName, displayNameZh)}</span>,
        onClick: () => direct({ do: 'assign', agentId }),
      })),
    },
    { type: 'divider' },
    {
      key: 'remove',
      danger: true,
      disabled: contact.kind === 'consult',
      label: <span data-testid="contact-remove">{t('waiting.remove')}</span>,
      onClick: remove,
    },
  ];
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <Button size="small" type="text" data-testid="contact-menu">
        {t('waiting.order')} <DownOutlined />
      </Button>
    </Dropdown>
  );
};
