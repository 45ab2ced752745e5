/** Who can what: agents down, skills across, a level where they meet. */
import { EditOutlined, TagsOutlined } from '@ant-design/icons';
import { App, Button, InputNumber } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentProfileView, NamedView } from '../../../api/contract/queues';
import { faultText } from '../i18n/fault-text';
import { localName } from '../i18n/local-name';
import type { Edited } from '../settings/edited';
import { AgentForm } from './agent-form';
import { mainSkillOf, profileOf } from './agent-draft';
import { NamedDrawer } from './named-drawer';
import type { NamedCollection } from './named-drawer';
import { nameIn, optionsOf } from './use-acd-settings';
import type { AcdData, AcdSettings } from './use-acd-settings';

const COLLECTIONS: readonly NamedCollection[] = ['skills', 'teams', 'sites', 'tenants'];

interface AgentMatrixProps {
  readonly settings: AcdSettings;
  readonly data: AcdData;
}

export const AgentMatrix = ({ settings, data }: AgentMatrixProps) => {
  const { t } = useTranslation();
  const [edited, setEdited] = useState<Edited<AgentProfileView>>();
  const [collection, setCollection] = useState<NamedCollection>();
  return (
    <section className="queues panel" aria-label={t('queueSettings.tab.agents')}>
      <div className="queues-bar">
        <p>{t('queueSettings.agent.hint')}</p>
        {COLLECTIONS.map((each) => (
          <Button key={each} icon={<TagsOutlined />} onClick={() => setCollection(each)} data-testid={`named-${each}`}>
            {t(`queueSettings.named.${each}`)}
          </Button>
        ))}
      </div>
      <table className="list-table queues-table">
        <thead>
          <tr>
            <th scope="col">{t('queueSettings.agent.column.agent')}</th>
            {data.skills.map(({ id, name, nameZh }) => (
              <th key={id} scope="col">
                {localName(name, nameZh)}
              </th>
            ))}
            <th scope="col">{t('queueSettings.agent.column.grade')}</th>
            <th scope="col">{t('queueSettings.agent.column.team')}</th>
            <th scope="col">{t('queueSettings.agent.column.site')}</th>
            <th aria-hidden="true" />
          </tr>
        </thead>
        <tbody>
          {data.agents.map((each) => (
            <AgentRow
              key={`${each.agentId} ${each.version}`}
              agent={each}
              settings={settings}
              data={data}
              onEdit={() => setEdited({ item: each })}
            />
          ))}
        </tbody>
      </table>
      {data.agents.length === 0 && <p className="queues-empty">{t('queueSettings.agent.empty')}</p>}
      {edited?.item && (
        <AgentForm
          key={edited.item.agentId}
          agent={edited.item}
          settings={settings}
          data={data}
          onClose={() => setEdited(undefined)}
        />
      )}
      {collection && (
        <NamedDrawer
          collection={collection}
          settings={settings}
          items={data[collection]}
          onClose={() => setCollection(undefined)}
        />
      )}
    </section>
  );
};

interface RowProps extends AgentMatrixProps {
  readonly agent: AgentProfileView;
  readonly onEdit: () => void;
}

const AgentRow = ({ agent, settings, data, onEdit }: RowProps) => {
  const { t } = useTranslation();
  const { grade = 0, teams = [], site } = agent;
  const name = localName(agent.displayName, agent.displayNameZh);
  const main = mainSkillOf(agent);
  const edit = t('queueSettings.edit', { name });
  const teamOptions = optionsOf(data.teams);
  return (
    <tr data-testid="agent-profile" data-agent={agent.agentId}>
      <th scope="row">
        {name}
        <span className="queue-id">{agent.extension}</span>
      </th>
      {data.skills.map((skill) => (
        <td
          key={skill.id}
          {...(skill.id === main && { className: 'skill-main', title: t('queueSettings.agent.main') })}
        >
          <LevelCell agent={agent} skill={skill} name={name} settings={settings} />
        </td>
      ))}
      <td className="figures">{grade}</td>
      <td>{teams.map((id) => nameIn(teamOptions, id)).join(', ') || '–'}</td>
      <td>{site === undefined ? '–' : nameIn(optionsOf(data.sites), site)}</td>
      <td className="queue-edit">
        <Button icon={<EditOutlined />} aria-label={edit} title={edit} onClick={onEdit} data-testid="agent-edit" />
      </td>
    </tr>
  );
};

interface CellProps {
  readonly agent: AgentProfileView;
  readonly skill: NamedView;
  readonly name: string;
  readonly settings: AcdSettings;
}

/** Saved when the field is left, or by Enter; a refusal puts the former level back. */
const LevelCell = ({ agent, skill, name, settings }: CellProps) => {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const present = agent.skills[skill.id] ?? null;
  const [level, setLevel] = useState<number | null>(present);
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    if (busy || (level ?? 0) === (present ?? 0)) return;
    setBusy(true);
    try {
      await settings.saveAgent(agent.agentId, profileOf(agent, { [skill.id]: level ?? 0 }));
    } catch (error) {
      setLevel(present);
      void message.error(t('queueSettings.notSaved', { message: faultText(error, t) }));
    } finally {
      setBusy(false);
    }
  };
  return (
    <InputNumber
      min={0}
      max={10}
      precision={0}
      controls={false}
      value={level}
      disabled={busy}
      onChange={setLevel}
      onBlur={() => void save()}
      onPressEnter={() => void save()}
      aria-label={t('queueSettings.agent.level', { skill: localName(skill.name, skill.nameZh), agent: name })}
      data-testid={`level-${skill.id}`}
    />
  );
};
