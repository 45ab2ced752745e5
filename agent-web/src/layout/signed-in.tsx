/** The desk of a session: connected, watched over, and replaced by a notice when another window has taken it. */
import { Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Session } from '../../../api/contract/rest';
import type { LeaveReason } from '../app';
import { useObservable } from '../api/observable';
import { DeskContext } from '../desk/desk-context';
import type { DeskTools } from '../desk/desk-context';
import { Shell } from './shell';
import { InUseNotice, ReplacedNotice } from './other-window';
import { useDeskTools } from './use-desk-tools';
import type { Approach } from './use-desk-tools';
import { useSessionGuard } from './use-session-guard';

interface SignedInProps {
  readonly session: Session;
  readonly onLeave: (reason: LeaveReason) => void;
}

export const SignedIn = ({ session: first, onLeave }: SignedInProps) => {
  const { t } = useTranslation();
  const [session, setSession] = useState(first);
  const [approach, setApproach] = useState<Approach>({ takeover: false });
  const tools = useDeskTools(session, approach);
  if (!tools) return <Spin fullscreen description={t('app.loading')} />;
  return (
    <DeskContext.Provider value={tools}>
      <Connected tools={tools} onLeave={onLeave} onRenewed={setSession} onApproach={setApproach} />
    </DeskContext.Provider>
  );
};

interface ConnectedProps {
  readonly tools: DeskTools;
  readonly onLeave: (reason: LeaveReason) => void;
  readonly onRenewed: (session: Session) => void;
  readonly onApproach: (approach: Approach) => void;
}

const Connected = ({ tools, onLeave, onRenewed, onApproach }: ConnectedProps) => {
  const status = useObservable(tools.link.status);
  useSessionGuard({ tools, onLeave, onRenewed });
  if (status.kind === 'closed' && status.reason === 'replaced') return <ReplacedNotice onApproach={onApproach} />;
  if (status.kind === 'closed' && status.reason === 'in-use') return <InUseNotice onApproach={onApproach} />;
  return <Shell onSignOut={() => onLeave('signed-out')} />;
};
