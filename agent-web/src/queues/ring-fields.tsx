/** With waiting time a queue is content with lower levels, or with fewer skills. */
import { Form, InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import type { NamedView } from '../../../api/contract/queues';
import { AddRow, RemoveRow } from './row-buttons';
import { SkillRows } from './skill-rows';

export const RingFields = ({ skills }: { readonly skills: readonly NamedView[] }) => {
  const { t } = useTranslation();
  return (
    <Form.Item
      className="settings-wide queue-list-item"
      label={t('queueSettings.field.rings')}
      extra={t('queueSettings.fieldHint.rings')}
    >
      <Form.List name="rings">
        {(fields, { add, remove }) => (
          <div className="queue-rows">
            {fields.map(({ key, name }) => (
              <div key={key} className="queue-ring">
                <div className="queue-ring-head">
                  <span>{t('queueSettings.field.afterS')}</span>
                  <Form.Item name={[name, 'afterS']} className="queue-inline">
                    <InputNumber
                      min={1}
                      max={86_400}
                      suffix={t('queueSettings.seconds')}
                      data-testid="queue-ring-after"
                    />
                  </Form.Item>
                  <RemoveRow onClick={() => remove(name)} />
                </div>
                <SkillRows path={[name, 'skills']} skills={skills} testId="queue-ring-skill" />
              </div>
            ))}
            <AddRow testId="queue-ring-add" onClick={() => add({ afterS: 30 * (fields.length + 1), skills: [] })} />
          </div>
        )}
      </Form.List>
    </Form.Item>
  );
};
