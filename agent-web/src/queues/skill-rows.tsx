/** Rows of a skill and the least level, of a queue or of a step at which it is content with less. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { NamedView } from '../../../api/contract/queues';
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
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={t('queueSettings.take')}
                title={t('queueSettings.take')}
                onClick={() => remove(name)}
              />
            </div>
          ))}
          <Button size="small" icon={<PlusOutlined />} onClick={() => add({ level: 1 })} data-testid={`${testId}-add`}>
            {t('queueSettings.add')}
          </Button>
          <Form.ErrorList errors={errors} />
        </div>
      )}
    </Form.List>
  );
};
