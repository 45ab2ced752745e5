/** What a policy can be about, by name in the reader's language. */
import { useQuery } from '@tanstack/react-query';
import { readConferenceRooms, readExtensions, readTrunks } from '../api/resources';
import { useDeskState } from '../desk/desk-context';
import { localName } from '../i18n/local-name';
import { formatNumber } from '../i18n/phone-number';
import { agentsQuery } from '../team/agents-query';
import type { Target } from './policy-draft';

export interface TargetOption {
  readonly value: string;
  readonly label: string;
}

export interface Targets {
  /** Numbers are written, not chosen. */
  readonly options: Readonly<Record<Exclude<Target, 'numbers'>, readonly TargetOption[]>>;
  /** What is not there any more keeps its id. */
  nameOf(target: Target, id: string): string;
}

/** They change seldom. */
const FRESH_MS = 60_000;

interface Named {
  readonly displayName: string;
  readonly displayNameZh?: string | undefined;
  readonly extension: string;
}

const withExtension = ({ displayName, displayNameZh, extension }: Named): string =>
  `${localName(displayName, displayNameZh)} (${extension})`;

export const useTargets = (): Targets => {
  const { queues } = useDeskState();
  const { data: agents = [] } = useQuery({ ...agentsQuery, staleTime: FRESH_MS });
  const { data: extensions = [] } = useQuery({
    queryKey: ['extensions'],
    queryFn: readExtensions,
    staleTime: FRESH_MS,
  });
  const { data: trunks = [] } = useQuery({ queryKey: ['trunks'], queryFn: readTrunks, staleTime: FRESH_MS });
  const { data: rooms = [] } = useQuery({
    queryKey: ['conference-rooms'],
    queryFn: readConferenceRooms,
    staleTime: FRESH_MS,
  });
  const phones = extensions.filter(({ kind }) => kind === 'phone');
  const options: Targets['options'] = {
    agents: agents.map((agent) => ({ value: agent.agentId, label: withExtension(agent) })),
    queues: queues.map(({ queueId, name, nameZh }) => ({ value: queueId, label: localName(name, nameZh) })),
    trunks: trunks.map(({ id, settings }) => ({ value: id, label: settings.name })),
    phones: phones.map((phone) => ({ value: phone.extension, label: withExtension(phone) })),
    rooms: rooms.map(({ id, name, nameZh }) => ({ value: id, label: localName(name, nameZh) })),
  };
  return {
    options,
    nameOf: (target, id) => {
      if (target === 'numbers') return formatNumber(id);
      return options[target].find(({ value }) => value === id)?.label ?? id;
    },
  };
};
