/** What a supervisor does with agents' calls; what goes wrong is told. */
import { App } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { SupervisionMode, SupervisionRequest, SupervisionView } from '../../../api/contract/supervision';
import { beginSupervision, changeSupervision, leaveSupervision, takeCallOver } from '../api/resources';
import { faultText } from '../i18n/fault-text';

export interface SupervisionActions {
  begin(request: SupervisionRequest): void;
  changeMode(supervision: SupervisionView, mode: SupervisionMode): void;
  takeOver(supervision: SupervisionView): void;
  leave(supervision: SupervisionView): void;
}

export const useSupervisionActions = (): SupervisionActions => {
  const { message } = App.useApp();
  const { t } = useTranslation();
  return useMemo(() => {
    const tell = (act: Promise<unknown>): void =>
      void act.catch((error: unknown) => message.error(t('supervision.failed', { message: faultText(error, t) })));
    return {
      begin: (request) => tell(beginSupervision(request)),
      changeMode: ({ supervisionId }, mode) => tell(changeSupervision(supervisionId, mode)),
      takeOver: ({ supervisionId }) => tell(takeCallOver(supervisionId)),
      leave: ({ supervisionId }) => tell(leaveSupervision(supervisionId)),
    };
  }, [message, t]);
};
