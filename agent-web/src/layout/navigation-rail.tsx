import {
  AudioOutlined,
  BarChartOutlined,
  ApartmentOutlined,
  ClusterOutlined,
  CustomerServiceOutlined,
  DashboardOutlined,
  HistoryOutlined,
  HourglassOutlined,
  NotificationOutlined,
  SafetyCertificateOutlined,
  SoundOutlined,
  TeamOutlined,
} from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { Logo } from '../theme/logo';
import { pageHref } from './route';
import type { Page } from './route';

const ICONS = {
  desk: <CustomerServiceOutlined />,
  calls: <HistoryOutlined />,
  recordings: <AudioOutlined />,
  team: <TeamOutlined />,
  waiting: <HourglassOutlined />,
  wallboard: <DashboardOutlined />,
  reports: <BarChartOutlined />,
  conferences: <ClusterOutlined />,
  prompts: <SoundOutlined />,
  queues: <ApartmentOutlined />,
  notices: <NotificationOutlined />,
  policies: <SafetyCertificateOutlined />,
};

interface NavigationRailProps {
  readonly pages: readonly Page[];
  readonly current: Page;
}

export const NavigationRail = ({ pages, current }: NavigationRailProps) => {
  const { t } = useTranslation();
  return (
    <nav className="rail" aria-label={t('nav.main')}>
      <span className="rail-logo" title={t('app.name')}>
        <Logo size={34} />
      </span>
      {pages.map((page) => (
        <a
          key={page}
          className="rail-link"
          href={pageHref(page)}
          aria-current={page === current ? 'page' : undefined}
          data-testid={`nav-${page}`}
        >
          <span className="rail-icon">{ICONS[page]}</span>
          {t(`nav.${page}`)}
        </a>
      ))}
    </nav>
  );
};
