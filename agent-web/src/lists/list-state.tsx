/** What stands around a long list: that it could not be read, that nothing is in it, and the way to more of it. */
import { Alert, Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Pages } from './use-pages';

interface ListStateProps {
  readonly pages: Pages<unknown>;
  /** Said of an error. */
  readonly failed: (error: Error) => string;
  /** Said of a list without anything in it. */
  readonly empty: string;
  readonly children: ReactNode;
}

export const ListState = ({ pages, failed, empty, children }: ListStateProps) => {
  const { t } = useTranslation();
  const { items, loading, outdated, error, hasMore, loadingMore, loadMore, reload } = pages;
  return (
    <div className={`history-scroll${outdated ? ' history-outdated' : ''}`} aria-busy={loading || outdated}>
      {error && (
        <Alert
          type="error"
          showIcon
          title={failed(error)}
          action={
            <Button size="small" onClick={reload}>
              {t('history.retry')}
            </Button>
          }
        />
      )}
      {children}
      {items.length === 0 && !error && <p className="history-empty">{loading ? t('app.loading') : empty}</p>}
      {hasMore && (
        <div className="history-more">
          <Button size="small" loading={loadingMore} onClick={loadMore}>
            {t('history.more')}
          </Button>
        </div>
      )}
    </div>
  );
};
