/** Directs a conference; what is refused is said in a message. */
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ConferenceActionBody, ConferenceInvitation } from '../../../api/contract/conferences';
import { directConference, inviteToConference } from '../api/resources';
import { faultText } from '../i18n/fault-text';

export interface Directing {
  act(action: ConferenceActionBody): Promise<void>;
  /** False when it was refused. */
  invite(invitation: ConferenceInvitation): Promise<boolean>;
}

export const useDirect = (roomId: string): Directing => {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const done = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      void message.error(t('conferences.refused', { message: faultText(error, t) }));
      return false;
    }
  };
  return {
    act: async (action) => void (await done(() => directConference(roomId, action))),
    invite: async (invitation) => {
      const isCalled = await done(() => inviteToConference(roomId, invitation));
      if (isCalled) void message.success(t('conferences.invited', { number: invitation.number }));
      return isCalled;
    },
  };
};
