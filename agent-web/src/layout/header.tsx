import { useTranslation } from 'react-i18next';
import { AgentStateControl } from '../desk/agent-state-control';
import { useDesk } from '../desk/desk-context';
import { LanguageSwitch } from './language-switch';
import { UserMenu } from './user-menu';

interface HeaderProps {
  readonly onSignOut: () => void;
}

export const Header = ({ onSignOut }: HeaderProps) => {
  const { session } = useDesk();
  const { t } = useTranslation();
  return (
    <header className="header">
      {session.user.agent ? <AgentStateControl /> : <strong className="header-name">{t('app.name')}</strong>}
      <div className="header-end">
        <LanguageSwitch />
        <UserMenu onSignOut={onSignOut} />
      </div>
    </header>
  );
};
