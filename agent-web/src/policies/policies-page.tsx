/** Recording policies, for administrators: which calls are recorded, what is told of it, how long they are kept. */
import { PlusOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordingPolicyView } from '../../../api/contract/recording-policies';
import { faultText } from '../i18n/fault-text';
import type { Edited } from '../settings/edited';
import { PolicyForm } from './policy-form';
import { PolicyTable } from './policy-table';
import { usePolicies } from './use-policies';
import { useTargets } from './use-targets';
import '../lists/list-table.css';
import './policies.css';

export const PoliciesPage = () => {
  const { t } = useTranslation();
  const policies = usePolicies();
  const targets = useTargets();
  const [edited, setEdited] = useState<Edited<RecordingPolicyView>>();
  const { items, error } = policies;
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
          onClick={() => setEdited({ item: undefined })}
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
        {items && <PolicyTable policies={items} targets={targets} onEdit={(item) => setEdited({ item })} />}
        {!items && !error && <p className="policies-empty">{t('app.loading')}</p>}
      </section>
      {edited && (
        <PolicyForm
          key={edited.item?.id}
          policy={edited.item}
          policies={policies}
          targets={targets}
          onClose={() => setEdited(undefined)}
        />
      )}
    </div>
  );
};
