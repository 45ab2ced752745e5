import { useTranslation } from 'react-i18next';
import type { Session } from '../../../api/contract/rest';
import { LanguageSwitch } from '../layout/language-switch';
import { Logo } from '../theme/logo';
import { PatchBay } from './patch-bay';
import { SignInForm } from './sign-in-form';
import './sign-in.css';

interface SignInPageProps {
  readonly notice: 'expired' | 'signed-out' | 'unreachable' | undefined;
  readonly onSignedIn: (session: Session) => void;
}

export const SignInPage = ({ notice, onSignedIn }: SignInPageProps) => {
  const { t } = useTranslation();
  const notices = {
    expired: t('signIn.expired'),
    'signed-out': t('signIn.signedOut'),
    unreachable: t('signIn.unreachable'),
  };
  return (
    <main className="sign-in">
      <section className="sign-in-brand" aria-label={t('app.name')}>
        <PatchBay />
        <div className="sign-in-name">
          <Logo size={44} />
          <span>{t('app.name')}</span>
        </div>
        <p className="sign-in-claim">
          {t('signIn.claim1')}
          <br />
          {t('signIn.claim2')}
        </p>
      </section>
      <section className="sign-in-side">
        <div className="sign-in-language">
          <LanguageSwitch />
        </div>
        <div className="sign-in-card">
          <h1>{t('signIn.title')}</h1>
          <p className="sign-in-subtitle">{t('signIn.subtitle')}</p>
          <SignInForm
            notice={notice && notices[notice]}
            noticeIsError={notice === 'unreachable'}
            onSignedIn={onSignedIn}
          />
        </div>
      </section>
    </main>
  );
};
