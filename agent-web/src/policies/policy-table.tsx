/** The policies, the most particular first; last what holds for all other calls. */
import { EditOutlined } from '@ant-design/icons';
import { Button, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import type { RecordingPolicyView, RecordingRight } from '../../../api/contract/recording-policies';
import { currentLanguage } from '../i18n';
import { RIGHTS, TARGETS, byPrecedence } from './policy-draft';
import type { Targets } from './use-targets';

/** Of many targets only so many are named. */
const SHOWN_TARGETS = 4;

const HEADINGS = ['policy', 'about', 'recording', 'rights', 'notice', 'kept'] as const;

const About = ({ policy, targets }: { readonly policy: RecordingPolicyView; readonly targets: Targets }) => {
  const { t } = useTranslation();
  const all = TARGETS.flatMap((target) => (policy[target] ?? []).map((id) => ({ target, id })));
  return (
    <span className="policy-targets">
      {all.slice(0, SHOWN_TARGETS).map(({ target, id }) => (
        <Tag key={`${target} ${id}`}>
          {t(`policies.target.${target}`)}: {targets.nameOf(target, id)}
        </Tag>
      ))}
      {all.length > SHOWN_TARGETS && <span>{t('policies.more', { count: all.length - SHOWN_TARGETS })}</span>}
      {policy.default && <Tag className="policy-others">{t('policies.others')}</Tag>}
    </span>
  );
};

const Recording = ({ mode, samplePercent }: Pick<RecordingPolicyView, 'mode' | 'samplePercent'>) => {
  const { t } = useTranslation();
  const tones = { always: 'tone-ready', 'on-demand': 'tone-busy', off: 'tone-idle' } as const;
  const isSample = mode === 'always' && samplePercent < 100;
  return (
    <span className={`team-state ${tones[mode]}`} data-testid="policy-mode">
      <span className="dot" />
      {isSample ? t('policies.sample', { percent: samplePercent }) : t(`policies.mode.${mode}`)}
    </span>
  );
};

const Rights = ({ agentMay, supervisorMay }: Pick<RecordingPolicyView, 'agentMay' | 'supervisorMay'>) => {
  const { t } = useTranslation();
  const named = (rights: readonly RecordingRight[]): string =>
    RIGHTS.filter((right) => rights.includes(right))
      .map((right) => t(`policies.right.${right}`))
      .join(currentLanguage() === 'zh' ? '、' : ', ') || t('policies.nothing');
  return (
    <dl className="policy-rights">
      <dt>{t('policies.agent')}</dt>
      <dd>{named(agentMay)}</dd>
      <dt>{t('policies.supervisor')}</dt>
      <dd>{named(supervisorMay)}</dd>
    </dl>
  );
};

interface RowProps {
  readonly policy: RecordingPolicyView;
  readonly targets: Targets;
  readonly onEdit: (policy: RecordingPolicyView) => void;
}

const PolicyRow = ({ policy, targets, onEdit }: RowProps) => {
  const { t } = useTranslation();
  const { id, mode, notice, retentionDays } = policy;
  const edit = t('policies.edit', { id });
  return (
    <tr data-testid="policy-row" data-policy={id}>
      <th scope="row" className="policy-id">
        {id}
      </th>
      <td>
        <About policy={policy} targets={targets} />
      </td>
      <td>
        <Recording {...policy} />
      </td>
      <td>
        <Rights {...policy} />
      </td>
      <td>{mode === 'off' ? '–' : t(`policies.notices.${notice}`)}</td>
      <td className="figures policy-kept">
        {mode === 'off' && '–'}
        {mode !== 'off' &&
          (retentionDays === undefined ? t('policies.asConfigured') : t('policies.days', { count: retentionDays }))}
      </td>
      <td className="policy-edit">
        <Button
          icon={<EditOutlined />}
          aria-label={edit}
          title={edit}
          onClick={() => onEdit(policy)}
          data-testid="policy-edit"
        />
      </td>
    </tr>
  );
};

/** What nobody has set is recorded. */
const BuiltInRow = () => {
  const { t } = useTranslation();
  return (
    <tr className="policy-built-in" data-testid="policy-built-in">
      <th scope="row" className="policy-id">
        {t('policies.builtIn')}
      </th>
      <td>
        <span className="policy-targets">
          <Tag className="policy-others">{t('policies.others')}</Tag>
        </span>
      </td>
      <td>
        <Recording mode="always" samplePercent={100} />
      </td>
      <td>
        <Rights agentMay={['start', 'mask']} supervisorMay={RIGHTS.slice()} />
      </td>
      <td>{t('policies.notices.none')}</td>
      <td className="policy-kept">{t('policies.asConfigured')}</td>
      <td className="policy-edit" />
    </tr>
  );
};

interface PolicyTableProps {
  readonly policies: readonly RecordingPolicyView[];
  readonly targets: Targets;
  readonly onEdit: (policy: RecordingPolicyView) => void;
}

export const PolicyTable = ({ policies, targets, onEdit }: PolicyTableProps) => {
  const { t } = useTranslation();
  return (
    <table className="list-table policies-table">
      <thead>
        <tr>
          {HEADINGS.map((heading) => (
            <th key={heading} scope="col">
              {t(`policies.column.${heading}`)}
            </th>
          ))}
          <th scope="col">
            <span className="visually-hidden">{t('policies.column.change')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {byPrecedence(policies).map((policy) => (
          <PolicyRow key={policy.id} policy={policy} targets={targets} onEdit={onEdit} />
        ))}
        {!policies.some((policy) => policy.default) && <BuiltInRow />}
      </tbody>
    </table>
  );
};
