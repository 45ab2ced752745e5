/** One list of settings with its heading, the button for a new one, and what failed. */
import { PlusOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { faultText } from '../i18n/fault-text';

interface SectionProps {
  /** Begins the names by which tests find its parts. */
  readonly name: string;
  readonly title: string;
  readonly add: string;
  readonly error: Error | null;
  /** Nothing has been read yet. */
  readonly loading: boolean;
  readonly onAdd: () => void;
  readonly children: ReactNode;
}

export const Section = ({ name, title, add, error, loading, onAdd, children }: SectionProps) => {
  const { t } = useTranslation();
  return (
    <section className="notices panel" aria-label={title}>
      <header className="notices-head">
        <h2>{title}</h2>
        <Button icon={<PlusOutlined />} onClick={onAdd} data-testid={`${name}-new`}>
          {add}
        </Button>
      </header>
      {error && <Alert type="error" showIcon title={t('notices.notRead', { message: faultText(error, t) })} />}
      {loading && !error && <p className="notices-none">{t('app.loading')}</p>}
      {!loading && children}
    </section>
  );
};
