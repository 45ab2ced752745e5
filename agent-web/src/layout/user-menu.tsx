import { LogoutOutlined } from '@ant-design/icons';
import { App, Button, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/http';
import { signOut } from '../api/resources';
import { localName } from '../i18n/local-name';
import { useCurrentCall, useDesk } from '../desk/desk-context';
import { useCommand } from '../desk/use-call-actions';

interface UserMenuProps {
  readonly onSignOut: () => void;
}

/** Two letters of a Latin name, the last two characters of a Chinese one. */
const initialsOf = (name: string): string => {
  const chinese = /[\u3400-\u9fff]+/.exec(name)?.[0];
  if (chinese) return chinese.slice(-2);
  const words = name.trim().split(/\s+/);
  if (words.length === 1) return name.trim().slice(0, 2);
  return `${words[0]?.[0] ?? ''}${words.at(-1)?.[0] ?? ''}`;
};

export const UserMenu = ({ onSignOut }: UserMenuProps) => {
  const { t } = useTranslation();
  const { modal } = App.useApp();
  const command = useCommand();
  const { user } = useDesk().session;
  const call = useCurrentCall();
  /** The server signs the agent out then, and this page is told. */
  const offerLater = (): void =>
    void modal.confirm({
      title: t('session.signOutBusy'),
      content: t('session.signOutLaterText'),
      okText: t('session.signOutLater'),
      cancelText: t('session.stay'),
      onOk: () => command({ command: 'sign-out' }),
    });
  const leave = async (): Promise<void> => {
    try {
      await signOut();
    } catch (error) {
      // Whatever else went wrong, the agent wants to go; only an open call keeps the session.
      if (error instanceof ApiError && error.code === 'conflict') return offerLater();
    }
    onSignOut();
    return undefined;
  };
  const name = localName(user.displayName, user.displayNameZh);
  const role = user.roles.find((one) => one !== 'agent') ?? 'agent';
  const line = user.agent ? t('session.extension', { extension: user.agent.extension }) : t(`session.roles.${role}`);
  return (
    <div className="user">
      <span className="user-mark" aria-hidden="true">
        {initialsOf(name).toUpperCase()}
      </span>
      <span className="user-text">
        <span className="user-name" data-testid="user-name">
          {name}
        </span>
        <span className="user-line">{line}</span>
      </span>
      <Tooltip title={t('session.signOut')}>
        <Button
          type="text"
          icon={<LogoutOutlined />}
          aria-label={t('session.signOut')}
          data-testid="sign-out"
          onClick={() => void (call ? offerLater() : leave())}
        />
      </Tooltip>
    </div>
  );
};
