/** How much each score counts: in seconds of waiting for each unit of it. */
import { Form, InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { FACTORS, WEIGHTS } from './queue-draft';

export const WeightFields = () => {
  const { t } = useTranslation();
  return (
    <>
      <p className="settings-wide settings-hint">{t('queueSettings.fieldHint.weights')}</p>
      {WEIGHTS.map(([score, usual]) => (
        <Form.Item key={score} name={['weights', score]} label={t(`queueSettings.weight.${score}`)}>
          <InputNumber
            placeholder={String(usual)}
            {...(!FACTORS.includes(score) && { suffix: t('queueSettings.seconds') })}
            data-testid={`queue-weight-${score}`}
          />
        </Form.Item>
      ))}
    </>
  );
};
