/** The frame around every page: navigation, header, banners. */
import { useTranslation } from 'react-i18next';
import { ConferencesPage } from '../conferences/conferences-page';
import { CallBar } from '../desk/call-bar';
import { ConnectionBanners } from '../desk/connection-banners';
import { DeskPage } from '../desk/desk-page';
import { useDesk, useLeads } from '../desk/desk-context';
import { useCallEffects } from '../desk/use-call-effects';
import { CallsPage } from '../history/calls-page';
import { RecordingsPage } from '../recordings/recordings-page';
import { SupervisionBar } from '../supervision/supervision-bar';
import { useSupervisionLeg } from '../supervision/use-supervision-leg';
import { NoticesPage } from '../notices/notices-page';
import { PoliciesPage } from '../policies/policies-page';
import { PromptsPage } from '../prompts/prompts-page';
import { QueuesPage } from '../queues/queues-page';
import { ReportsPage } from '../reports/reports-page';
import { TeamPage } from '../team/team-page';
import { WaitingPage } from '../waiting/waiting-page';
import { WallboardPage } from '../wallboard/wallboard-page';
import { Header } from './header';
import { NavigationRail } from './navigation-rail';
import { usePage } from './route';
import type { Page } from './route';
import './shell.css';

interface ShellProps {
  readonly onSignOut: () => void;
}

export const Shell = ({ onSignOut }: ShellProps) => {
  const { session } = useDesk();
  const { t } = useTranslation();
  const { agent } = session.user;
  const leads = useLeads();
  const isAdministrator = session.user.roles.includes('administrator');
  const pages: Page[] = [
    ...(agent ? (['desk'] as const) : []),
    'calls',
    'recordings',
    ...(leads ? (['team', 'waiting', 'wallboard', 'reports', 'conferences', 'prompts'] as const) : []),
    ...(isAdministrator ? (['queues', 'notices', 'policies'] as const) : []),
  ];
  const page = usePage(pages);
  useCallEffects();
  useSupervisionLeg();
  return (
    <div className="shell">
      <NavigationRail pages={pages} current={page} />
      <div className="shell-main">
        <Header onSignOut={onSignOut} />
        <ConnectionBanners />
        <SupervisionBar />
        {agent && page !== 'desk' && <CallBar />}
        <main className="shell-page" aria-label={t(`nav.${page}`)}>
          {page === 'desk' && <DeskPage />}
          {page === 'calls' && <CallsPage leads={leads} />}
          {page === 'recordings' && <RecordingsPage leads={leads} />}
          {page === 'team' && <TeamPage />}
          {page === 'waiting' && <WaitingPage />}
          {page === 'wallboard' && <WallboardPage />}
          {page === 'reports' && <ReportsPage />}
          {page === 'conferences' && <ConferencesPage />}
          {page === 'prompts' && <PromptsPage />}
          {page === 'queues' && <QueuesPage />}
          {page === 'notices' && <NoticesPage />}
          {page === 'policies' && <PoliciesPage />}
        </main>
      </div>
    </div>
  );
};
