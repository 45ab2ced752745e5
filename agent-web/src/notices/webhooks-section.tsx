/** Which other systems are told of events, and how that goes. */
import { EditOutlined, SendOutlined, UnorderedListOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Form, Input, Popover, Select, Switch, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { WEBHOOK_EVENTS } from '../../../api/contract/watch';
import type { WebhookView } from '../../../api/contract/watch';
import { readDeliveries, readWebhooks, removeWebhook, saveWebhook, testWebhook } from '../api/watch';
import { currentLanguage } from '../i18n';
import { faultText } from '../i18n/fault-text';
import { formatClock } from '../i18n/format';
import { NoticeForm } from './notice-form';
import { Section } from './section';

const WEBHOOKS_KEY = 'webhooks';
/** Whether it works is seen without loading the page again. */
const REFRESH_MS = 10_000;

interface Draft extends Pick<WebhookView, 'id' | 'url' | 'events' | 'enabled'> {
  readonly newSecret: boolean;
}

const NEW: Draft = { id: '', url: '', events: [], enabled: true, newSecret: false };

const WebhookForm = ({ draft, onClose }: { readonly draft: Draft; readonly onClose: () => void }) => {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const save = async ({ id, ...body }: Draft): Promise<void> => {
    const secret = await saveWebhook(id, body);
    if (secret === undefined) return;
    modal.info({
      title: t('webhooks.secretTitle', { id }),
      content: (
        <>
          <p>{t('webhooks.secretText')}</p>
          <Typography.Text code copyable data-testid="webhook-secret">
            {secret}
          </Typography.Text>
        </>
      ),
    });
  };
  return (
    <NoticeForm<Draft>
      name="webhook"
      queryKey={WEBHOOKS_KEY}
      initial={draft}
      title={draft.id === '' ? t('webhooks.new') : t('notices.edit', { id: draft.id })}
      save={save}
      remove={removeWebhook}
      onClose={onClose}
    >
      <Form.Item
        name="id"
        label={t('notices.id')}
        hidden={draft.id !== ''}
        extra={t('notices.idHint')}
        className="settings-wide"
      >
        <Input data-testid="webhook-id" />
      </Form.Item>
      <Form.Item
        name="url"
        label={t('webhooks.url')}
        className="settings-wide"
        rules={[{ required: true, pattern: /^https?:\/\/\S+$/, message: t('webhooks.urlWrong') }]}
      >
        <Input data-testid="webhook-url" />
      </Form.Item>
      <Form.Item name="events" label={t('webhooks.events')} extra={t('webhooks.eventsHint')} className="settings-wide">
        <Select
          mode="tags"
          options={WEBHOOK_EVENTS.map((value) => ({ value, label: value }))}
          data-testid="webhook-events"
        />
      </Form.Item>
      <Form.Item name="enabled" label={t('webhooks.enabled')} valuePropName="checked">
        <Switch />
      </Form.Item>
      {draft.id !== '' && (
        <Form.Item name="newSecret" label={t('webhooks.newSecret')} valuePropName="checked">
          <Switch />
        </Form.Item>
      )}
    </NoticeForm>
  );
};

const Deliveries = ({ id }: { readonly id: string }) => {
  const { t } = useTranslation();
  const { data } = useQuery({ queryKey: ['deliveries', id], queryFn: () => readDeliveries(id), staleTime: 0 });
  if (!data || data.length === 0) return <p className="notices-none">{data ? t('notices.none') : t('app.loading')}</p>;
  return (
    <table className="notices-table" data-testid="webhook-deliveries">
      <tbody>
        {data.map(({ eventId, name, atMs, attempt, result, reason }) => (
          <tr key={`${eventId}/${attempt}`}>
            <td className="figures">{formatClock(atMs, currentLanguage())}</td>
            <td>{name}</td>
            <td className="figures">{attempt}</td>
            <td>
              {t(`webhooks.result.${result}`)} {reason}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const stateOf = ({ enabled, failing }: WebhookView): 'off' | 'works' | 'failing' => {
  if (!enabled) return 'off';
  return failing ? 'failing' : 'works';
};

const Row = ({ webhook, onEdit }: { readonly webhook: WebhookView; readonly onEdit: () => void }) => {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const { id, url, events, waiting } = webhook;
  const test = async (): Promise<void> => {
    setBusy(true);
    try {
      const { result, reason = '' } = await testWebhook(id);
      if (result === 'delivered') void message.success(t('webhooks.tested'));
      else void message.error(t('webhooks.testFailed', { reason }));
    } catch (error) {
      void message.error(t('webhooks.testFailed', { reason: faultText(error, t) }));
    }
    setBusy(false);
  };
  return (
    <tr data-testid="webhook-row" data-id={id} data-state={stateOf(webhook)}>
      <td>{id}</td>
      <td className="notices-url">{url}</td>
      <td>{events.length === 0 ? t('webhooks.allEvents') : events.join(', ')}</td>
      <td className={`webhook-state webhook-${stateOf(webhook)}`}>{t(`webhooks.states.${stateOf(webhook)}`)}</td>
      <td className="figures">{waiting}</td>
      <td className="notices-actions">
        <Button
          size="small"
          icon={<SendOutlined />}
          loading={busy}
          onClick={() => void test()}
          data-testid="webhook-test"
        >
          {t('webhooks.test')}
        </Button>
        <Popover trigger="click" title={t('webhooks.deliveries')} content={<Deliveries id={id} />} destroyOnHidden>
          <Button
            size="small"
            icon={<UnorderedListOutlined />}
            aria-label={t('webhooks.deliveries')}
            title={t('webhooks.deliveries')}
            data-testid="webhook-log"
          />
        </Popover>
        <Button
          size="small"
          icon={<EditOutlined />}
          aria-label={t('notices.edit', { id })}
          title={t('notices.edit', { id })}
          onClick={onEdit}
          data-testid="webhook-edit"
        />
      </td>
    </tr>
  );
};

export const WebhooksSection = () => {
  const { t } = useTranslation();
  const [edited, setEdited] = useState<Draft>();
  const { data, error } = useQuery({ queryKey: [WEBHOOKS_KEY], queryFn: readWebhooks, refetchInterval: REFRESH_MS });
  return (
    <Section
      name="webhook"
      title={t('webhooks.title')}
      add={t('webhooks.new')}
      error={error}
      loading={!data}
      onAdd={() => setEdited(NEW)}
    >
      {data?.length === 0 && <p className="notices-none">{t('notices.none')}</p>}
      {data && data.length > 0 && (
        <table className="notices-table">
          <thead>
            <tr>
              <th scope="col">{t('notices.id')}</th>
              <th scope="col">{t('webhooks.url')}</th>
              <th scope="col">{t('webhooks.events')}</th>
              <th scope="col">{t('webhooks.state')}</th>
              <th scope="col">{t('webhooks.waitingEvents')}</th>
              <th scope="col" aria-label={t('notices.actions')} />
            </tr>
          </thead>
          <tbody>
            {data.map((webhook) => {
              const { id, url, events, enabled } = webhook;
              return (
                <Row
                  key={id}
                  webhook={webhook}
                  onEdit={() => setEdited({ id, url, events, enabled, newSecret: false })}
                />
              );
            })}
          </tbody>
        </table>
      )}
      {edited && <WebhookForm key={edited.id} draft={edited} onClose={() => setEdited(undefined)} />}
    </Section>
  );
};
