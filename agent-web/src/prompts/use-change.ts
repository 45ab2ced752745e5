/** Something is done to a list: tells what came of it, and reads the list again. */
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import { faultText } from '../i18n/fault-text';

/** Resolves with false when it was refused, which has been told. */
export type Change = (work: Promise<unknown>, done: string) => Promise<boolean>;

/** @param listKey of the list that is another one afterwards. */
export const useChange = (listKey: string): Change => {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  return async (work, done) => {
    try {
      await work;
      void message.success(done);
      return true;
    } catch (failure) {
      void message.error(t('prompts.failed', { message: faultText(failure, t) }));
      return false;
    } finally {
      await queries.invalidateQueries({ queryKey: [listKey] });
    }
  };
};
