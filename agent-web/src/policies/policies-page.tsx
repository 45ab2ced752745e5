/** Recording policies, for administrators: which calls are recorded, what is told of it, how long they are kept. */
import { PlusOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultText } from '../i18n/fault-text';
import { PolicyForm } from './policy-form';
import { PolicyTable } from './policy-table';
import { usePolicies } from './use-policies';
import { useTargets } from './use-targets';
import '../lists/list-table.css';
import './policies.css';

/** The id of the policy in the form; empty for a new one. */
type Edited = string | undefined;

export const PoliciesPage = () => {
  const { t } = useTranslation();
  const policies = usePolicies();
  const targets = useTargets();
  const [edited, setEdited] = useState<Edited>();
  const { items, error } = policies;
  const policy = items?.find(({ id }) => id === edited);
  return (
    <div className="page">
      <header className="page-head policies-head">
        <div>
          <h1>{t('policies.title')}</h1>
          <p>{t('policies.hint')}</p>
        </div>
        <Button
          type="primary"
          icon={<PlusOutlined />}
          disabled={!items}
          onClick={() => setEdited('')}
          data-testid="policy-new"
        >
          {t('policies.new')}
        </Button>
      </header>
      {error && (
        <Alert
          type="error"
          showIcon
          title={t('policies.notRead', { message: faultText(error, t) })}
          action={
            <Button size="small" onClick={policies.reload}>
              {t('history.retry')}
            </Button>
          }
        />
      )}
      <section className="policies panel" aria-label={t('policies.title')}>
        {items && <PolicyTable policies={items} targets={targets} onEdit={setEdited} />}
        {!items && !error && <p className="policies-empty">{t('app.loading')}</p>}
      </section>
      {(edited === '' || policy) && (
        <PolicyForm
          key={edited}
          policy={policy}
          policies={policies}
          targets={targets}
          onClose={() => setEdited(undefined)}
        />
      )}
    </div>
  );
};
