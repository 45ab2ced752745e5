/** The desk of a session: connected, watched over, and replaced by a notice when another window has taken it. */
import { Button, Result, Spin } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../../../api/contract/rest';
import type { LeaveReason } from '../app';
import { useObservable } from '../api/observable';
import { DeskContext } from '../desk/desk-context';
import type { DeskTools } from '../desk/desk-context';
import { Shell } from './shell';
import { useDeskTools } from './use-desk-tools';
import { useSessionGuard } from './use-session-guard';

interface SignedInProps {
  readonly session: Session;
  readonly onLeave: (reason: LeaveReason) => void;
}

export const SignedIn = ({ session: first, onLeave }: SignedInProps) => {
  const { t } = useTranslation();
  const [session, setSession] = useState(first);
  const [generation, setGeneration] = useState(0);
  const tools = useDeskTools(session, generation);
  if (!tools) return <Spin fullscreen description={t('app.loading')} />;
  return (
    <DeskContext.Provider value={tools}>
      <Connected
        tools={tools}
        onLeave={onLeave}
        onRenewed={setSession}
        onTakeBack={() => setGeneration((number) => number + 1)}
      />
    </DeskContext.Provider>
  );
};

interface ConnectedProps {
  readonly tools: DeskTools;
  readonly onLeave: (reason: LeaveReason) => void;
  readonly onRenewed: (session: Session) => void;
  readonly onTakeBack: () => void;
}

const Connected = ({ tools, onLeave, onRenewed, onTakeBack }: ConnectedProps) => {
  const { t } = useTranslation();
  const status = useObservable(tools.link.status);
  useSessionGuard({ tools, onLeave, onRenewed });

  const replaced = status.kind === 'closed' && status.reason === 'replaced';
  useEffect(() => {
    // The other window's registration replaces this one: two telephones for one agent would ring both.
    if (replaced) void tools.phone?.close();
  }, [replaced, tools]);

  if (!replaced) return <Shell onSignOut={() => onLeave('signed-out')} />;
  return (
    <Result
      status="info"
      title={t('session.replacedTitle')}
      subTitle={t('session.replacedText')}
      extra={
        <Button type="primary" onClick={onTakeBack}>
          {t('session.useHere')}
        </Button>
      }
    />
  );
};
