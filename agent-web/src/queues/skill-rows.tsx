/** Rows of a skill and the least level, of a queue or of a step at which it is content with less. */
import { Form, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { NamedView } from '../../../api/contract/queues';
import { AddRow, RemoveRow } from './row-buttons';
import { optionsOf } from './use-acd-settings';

interface SkillRowsProps {
  /** Where the list stands, within the list that it stands in. */
  readonly path: (string | number)[];
  readonly skills: readonly NamedView[];
  readonly testId: string;
}

export const SkillRows = ({ path, skills, testId }: SkillRowsProps) => {
  const { t } = useTranslation();
  const options = optionsOf(skills);
  return (
    <Form.List name={path}>
      {(fields, { add, remove }, { errors }) => (
        <div className="queue-rows">
          {fields.map(({ key, name }) => (
            <div key={key} className="queue-row-skill">
              <Form.Item name={[name, 'skill']} noStyle>
                <Select
                  options={options}
                  showSearch={{ optionFilterProp: 'label' }}
                  aria-label={t('queueSettings.named.skills')}
                  data-testid={testId}
                />
              </Form.Item>
              <span>≥</span>
              <Form.Item name={[name, 'level']} noStyle>
                <InputNumber min={0} max={10} precision={0} data-testid={`${testId}-level`} />
              </Form.Item>
              <RemoveRow onClick={() => remove(name)} />
            </div>
          ))}
          <AddRow testId={`${testId}-add`} onClick={() => add({ level: 1 })} />
          <Form.ErrorList errors={errors} />
        </div>
      )}
    </Form.List>
  );
};
