/** What those who lead the agents order about a contact that waits. */
import { DownOutlined } from '@ant-design/icons';
import { App, Button, Dropdown } from 'antd';
import type { MenuProps } from 'antd';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { AgentView } from '../../../api/contract/common';
import type { ContactAction, WaitingContactView } from '../../../api/contract/waiting';
import { directContact } from '../api/resources';
import { useDeskState } from '../desk/desk-context';
import { faultText } from '../i18n/fault-text';
import { localName } from '../i18n/local-name';
import { formatNumber } from '../i18n/phone-number';

/** A step is worth a minute of waiting, unless the queue weighs it otherwise. */
const PRIORITIES = [0, 1, 2, 5, 10, 30] as const;

/** As people read it; a caller may have kept it back. */
export const numberText = ({ number }: WaitingContactView, t: TFunction): string =>
  number ? formatNumber(number) : t('call.unknownNumber');

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
      title: t('waiting.removeTitle', { number: numberText(contact, t) }),
      content: t(contact.kind === 'callback' ? 'waiting.removeCallback' : 'waiting.removeCaller'),
      okText: t('waiting.remove'),
      cancelText: t('queueSettings.cancel'),
      okButtonProps: { danger: true },
      onOk: () => direct({ do: 'remove' }),
    });
  const items: MenuProps['items'] = [
    {
      key: 'priority',
      label: t('waiting.priority'),
      children: PRIORITIES.map((priority) => ({
        key: `priority-${priority}`,
        label: (
          <span data-testid={`contact-priority-${priority}`}>
            {priority === 0 ? t('waiting.usual') : t('waiting.minutesAhead', { priority, minutes: priority })}
          </span>
        ),
        disabled: priority === contact.priority,
        onClick: () => direct({ do: 'prioritise', priority }),
      })),
    },
    {
      key: 'move',
      label: t(queues.length < 2 ? 'waiting.noOtherQueue' : 'waiting.move'),
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
      label: t(ready.length === 0 ? 'waiting.nobodyReady' : 'waiting.assign'),
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
    <Dropdown trigger={['click']} menu={{ items }} autoFocus>
      <Button
        size="small"
        type="text"
        aria-label={t('waiting.orderOf', { number: numberText(contact, t) })}
        data-testid="contact-menu"
      >
        {t('waiting.order')} <DownOutlined />
      </Button>
    </Dropdown>
  );
};
