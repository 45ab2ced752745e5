/** What an agent is and can. */
import { Form, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentProfileView } from '../../../api/contract/queues';
import { FURTHER_STATIONS } from '../../../api/contract/stations';
import { aboutText } from '../i18n/fault-text';
import { localName } from '../i18n/local-name';
import type { ServerAbout } from '../settings/use-performing';
import { AcdForm } from './acd-form';
import type { FieldFault } from './acd-form';
import { CHANNELS, bodyOf, draftOf, fieldOfPath } from './agent-draft';
import type { AgentDraft } from './agent-draft';
import { optionsOf, tenantOptions } from './use-acd-settings';
import type { AcdData, AcdSettings } from './use-acd-settings';

interface AgentFormProps {
  readonly agent: AgentProfileView;
  readonly settings: AcdSettings;
  readonly data: AcdData;
  readonly onClose: () => void;
}

export const AgentForm = ({ agent, settings, data, onClose }: AgentFormProps) => {
  const { t } = useTranslation();
  const [form] = Form.useForm<AgentDraft>();
  const [initial] = useState(() => draftOf(agent));
  const name = localName(agent.displayName, agent.displayNameZh);

  const faultOfServer = (about: ServerAbout): FieldFault | undefined => {
    const path = fieldOfPath(about?.values['path'] ?? '');
    const text = aboutText(about, t);
    return path && path[0] !== 'skills' && text !== undefined ? { path, text } : undefined;
  };

  const save = async (draft: AgentDraft): Promise<string> => {
    await settings.saveAgent(agent.agentId, bodyOf(draft, agent));
    return name;
  };

  return (
    <AcdForm
      name="agent"
      width={620}
      title={t('queueSettings.agent.title', { name })}
      form={form}
      initial={initial}
      faultOfServer={faultOfServer}
      save={save}
      onClose={onClose}
    >
      <AgentFields data={data} />
    </AcdForm>
  );
};

const AgentFields = ({ data }: { readonly data: AcdData }) => {
  const { t } = useTranslation();
  const label = (
    field: 'skills' | 'mainSkill' | 'grade' | 'teams' | 'site' | 'tenant' | 'capacity' | 'interrupts' | 'stations',
  ): string => t(`queueSettings.agent.field.${field}`);
  const none = { value: '', label: t('queueSettings.none') };
  const stations = FURTHER_STATIONS.map((value) => ({ value, label: t(`queueSettings.agent.station.${value}`) }));
  const tenants = tenantOptions(data.tenants, t('queueSettings.mainTenant'));
  const channels = CHANNELS.map((value) => ({ value, label: t(`queueSettings.channel.${value}`) }));
  return (
    <>
      <fieldset className="settings-group">
        <legend>{label('skills')}</legend>
        <div className="settings-grid">
          {data.skills.map(({ id, name, nameZh }) => (
            <Form.Item key={id} name={['skills', id]} label={localName(name, nameZh)}>
              <InputNumber min={0} max={10} precision={0} data-testid={`agent-level-${id}`} />
            </Form.Item>
          ))}
          <Form.Item name="mainSkill" label={label('mainSkill')}>
            <Select
              options={[{ value: '', label: t('queueSettings.agent.highest') }, ...optionsOf(data.skills)]}
              data-testid="agent-mainSkill"
            />
          </Form.Item>
          <Form.Item name="grade" label={label('grade')} extra={t('queueSettings.agent.fieldHint.grade')}>
            <InputNumber min={0} max={100} precision={0} data-testid="agent-grade" />
          </Form.Item>
          <Form.Item name="teams" label={label('teams')}>
            <Select mode="multiple" options={optionsOf(data.teams)} data-testid="agent-teams" />
          </Form.Item>
          <Form.Item name="site" label={label('site')}>
            <Select options={[none, ...optionsOf(data.sites)]} data-testid="agent-site" />
          </Form.Item>
          {tenants.length > 1 && (
            <Form.Item name="tenant" label={label('tenant')}>
              <Select options={tenants} data-testid="agent-tenant" />
            </Form.Item>
          )}
        </div>
      </fieldset>
      <fieldset className="settings-group">
        <legend>{label('capacity')}</legend>
        <div className="agent-capacity">
          {channels.map(({ value, label: channel }) => (
            <Form.Item key={value} name={['capacity', value]} label={channel}>
              <InputNumber min={0} max={value === 'voice' ? 1 : 100} precision={0} placeholder="0" />
            </Form.Item>
          ))}
        </div>
        <Form.Item name="interrupts" label={label('interrupts')} extra={t('queueSettings.agent.fieldHint.interrupts')}>
          <Select mode="multiple" options={channels.filter(({ value }) => value !== 'voice')} />
        </Form.Item>
        <Form.Item name="stations" label={label('stations')} extra={t('queueSettings.agent.fieldHint.stations')}>
          <Select mode="multiple" options={stations} data-testid="agent-stations" />
        </Form.Item>
      </fieldset>
    </>
  );
};
