import { useTranslation } from 'react-i18next';
import { AlarmBell } from '../alarms/alarm-bell';
import { AgentStateControl } from '../desk/agent-state-control';
import { useDesk, useLeads } from '../desk/desk-context';
import { LanguageSwitch } from './language-switch';
import { UserMenu } from './user-menu';

interface HeaderProps {
  readonly onSignOut: () => void;
}

export const Header = ({ onSignOut }: HeaderProps) => {
  const { session } = useDesk();
  const { t } = useTranslation();
  const leads = useLeads();
  return (
    <header className="header">
      {session.user.agent ? <AgentStateControl /> : <strong className="header-name">{t('app.name')}</strong>}
      <div className="header-end">
        {leads && <AlarmBell />}
        <LanguageSwitch />
        <UserMenu onSignOut={onSignOut} />
      </div>
    </header>
  );
};
