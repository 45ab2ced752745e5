/** What adds a row to a list in a form, and takes one away. */
import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';

export const RemoveRow = ({ onClick }: { readonly onClick: () => void }) => {
  const { t } = useTranslation();
  return (
    <Button
      type="text"
      icon={<DeleteOutlined />}
      aria-label={t('queueSettings.take')}
      title={t('queueSettings.take')}
      onClick={onClick}
    />
  );
};

export const AddRow = ({ testId, onClick }: { readonly testId: string; readonly onClick: () => void }) => {
  const { t } = useTranslation();
  return (
    <Button size="small" icon={<PlusOutlined />} onClick={onClick} data-testid={testId}>
      {t('queueSettings.add')}
    </Button>
  );
};
