/** The frame of a page that is one long list: what it is, the filters above it, and the way to read it again. */
import { ReloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import './list-table.css';
import '../history/history.css';

interface ListPageProps {
  readonly title: string;
  readonly hint: string;
  readonly filters: ReactNode;
  readonly onReload: () => void;
  /** The list itself. */
  readonly children: ReactNode;
}

export const ListPage = ({ title, hint, filters, onReload, children }: ListPageProps) => {
  const { t } = useTranslation();
  return (
    <div className="page">
      <header className="page-head">
        <h1>{title}</h1>
        <p>{hint}</p>
      </header>
      <section className="history panel" aria-label={title}>
        <header className="history-head">
          <div className="history-filters history-filters-wide">{filters}</div>
          <Button
            type="text"
            icon={<ReloadOutlined />}
            aria-label={t('history.refresh')}
            title={t('history.refresh')}
            onClick={onReload}
          />
        </header>
        {children}
      </section>
    </div>
  );
};
