/** Builds the desk's connection and telephone for a session, and takes them down with it. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Session } from '../../../api/contract/rest';
import { systemClock } from '../../../base/clock';
import type { DeskTools } from '../desk/desk-context';
import { readSession } from '../api/resources';
import { DeskLink } from '../desk/desk-link';
import { endGhostLegs } from '../desk/ghost-legs';
import { sendLateDrafts } from '../desk/late-drafts';
import { HISTORY_KEY } from '../history/use-history';
import { RECORDINGS_KEY } from '../recordings/use-recordings';
import { preferredMicrophone, preferredSpeaker } from '../phone/devices';
import { Phone } from '../phone/phone';

/** Changes come in bursts when a call ends; the history is read once for each. */
const HISTORY_DELAY_MS = 250;

const createPhone = ({ sip, user }: Session): Phone | undefined =>
  sip &&
  new Phone({
    account: sip,
    refreshIce: async () => (await readSession()).sip?.ice,
    displayName: user.displayName,
    clock: systemClock,
    microphoneId: preferredMicrophone(),
    speakerId: preferredSpeaker(),
  });

/** How to come to the desk. */
export interface Approach {
  readonly takeover: boolean;
}

/** @param approach a new one connects anew, such as after another window took the desk over. */
export const useDeskTools = (session: Session, approach: Approach): DeskTools | undefined => {
  const queries = useQueryClient();
  const [tools, setTools] = useState<DeskTools>();
  useEffect(() => {
    let refresh: { cancel(): void } | undefined;
    const link = new DeskLink({
      clock: systemClock,
      ownAgentId: session.user.agent?.agentId,
      takeover: approach.takeover,
      onGreeted: () => void sendLateDrafts({ calls: link.state.get().calls, send: (command) => link.send(command) }),
      onInteraction: () => {
        refresh?.cancel();
        const read = (): void => {
          for (const key of [HISTORY_KEY, RECORDINGS_KEY]) void queries.invalidateQueries({ queryKey: [key] });
        };
        refresh = systemClock.after(HISTORY_DELAY_MS, read);
      },
    });
    const phone = session.user.agent ? createPhone(session) : undefined;
    const stopGhosts = phone && endGhostLegs({ clock: systemClock, link, phone });
    // A window that does not get the desk must not get its calls: the telephone follows the server's greeting.
    const connectPhone = (): void => {
      if (!link.state.get().loaded) return;
      stopWaiting();
      phone?.connect();
    };
    const stopWaiting = link.state.subscribe(connectPhone);
    link.connect();
    setTools({ session, link, phone });
    return () => {
      refresh?.cancel();
      stopGhosts?.();
      stopWaiting();
      link.close();
      void phone?.close();
      setTools(undefined);
    };
  }, [session, approach, queries]);
  return tools;
};
