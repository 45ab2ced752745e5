/** Who sees what: the sign-in page without a session, the desk with one. */
import { useQueryClient } from '@tanstack/react-query';
import { App, ConfigProvider, Spin } from 'antd';
import enLocale from 'antd/locale/en_GB';
import zhLocale from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/en-gb';
import 'dayjs/locale/zh-cn';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../../api/contract/rest';
import { ApiError } from './api/http';
import { mayHaveSession, readSession, rememberSession } from './api/resources';
import { currentLanguage } from './i18n';
import { SignedIn } from './layout/signed-in';
import { SignInPage } from './sign-in/sign-in-page';
import { theme } from './theme/theme';

/** Why the sign-in page is shown, when it is not the beginning. */
export type LeaveReason = 'expired' | 'signed-out';

type Gate =
  | { readonly kind: 'looking' }
  | { readonly kind: 'outside'; readonly notice: LeaveReason | 'unreachable' | undefined }
  | { readonly kind: 'inside'; readonly session: Session };

const LANGUAGES = {
  en: { antd: enLocale, dayjs: 'en-gb' },
  zh: { antd: zhLocale, dayjs: 'zh-cn' },
} as const;

const useGate = () => {
  const [gate, setGate] = useState<Gate>(() =>
    mayHaveSession() ? { kind: 'looking' } : { kind: 'outside', notice: undefined },
  );
  const queries = useQueryClient();

  const enter = useCallback((session: Session) => {
    rememberSession(true);
    setGate({ kind: 'inside', session });
  }, []);

  const leave = useCallback(
    (notice: LeaveReason) => {
      rememberSession(false);
      queries.clear();
      setGate({ kind: 'outside', notice });
    },
    [queries],
  );

  useEffect(() => {
    if (!mayHaveSession()) return undefined;
    let gone = false;
    readSession().then(
      (session) => gone || enter(session),
      (error: unknown) => {
        const unreachable = error instanceof ApiError && error.code === 'unreachable';
        if (!gone) setGate({ kind: 'outside', notice: unreachable ? 'unreachable' : undefined });
      },
    );
    return () => {
      gone = true;
    };
  }, [enter]);

  return { gate, enter, leave };
};

export const DeskApp = () => {
  const { t, i18n } = useTranslation();
  const { gate, enter, leave } = useGate();
  const language = LANGUAGES[currentLanguage()];
  useEffect(() => void dayjs.locale(language.dayjs), [language.dayjs, i18n.language]);
  return (
    <ConfigProvider locale={language.antd} theme={theme} button={{ autoInsertSpace: false }}>
      <App style={{ height: '100%' }} message={{ maxCount: 3 }}>
        {gate.kind === 'looking' && <Spin fullscreen description={t('app.loading')} />}
        {gate.kind === 'outside' && <SignInPage notice={gate.notice} onSignedIn={enter} />}
        {gate.kind === 'inside' && <SignedIn key={gate.session.user.userId} session={gate.session} onLeave={leave} />}
      </App>
    </ConfigProvider>
  );
};
