/** Fills an empty store with the sample center. */
import type { Clock } from '../base/clock';
import { asId, newToken } from '../base/ids';
import type { AgentId, FlowId, QueueId } from '../base/ids';
import type { Store } from '../store/connect';
import { hashPassword } from '../store/password';
import type { SampleAccount } from './child-messages';
import { PhoneBook } from './phone-book';
import {
  SAMPLE_CALENDAR,
  SAMPLE_FLOW,
  SAMPLE_NUMBER,
  SAMPLE_PHONES,
  SAMPLE_QUEUES,
  SAMPLE_SKILLS,
  SAMPLE_TEAMS,
  SAMPLE_USERS,
} from './sample-center';
import type { SampleUser } from './sample-center';

const OFFER_TIMEOUT_MS = 20_000;
const WRAP_UP_MS = 60_000;
const PASSWORD_BYTES = 9;

export interface BootstrapDeps {
  readonly clock: Clock;
  /** For all accounts; without it each gets a random one. */
  readonly password: string | undefined;
  /** Of the phones' accounts. */
  readonly sipRealm: string;
}

const STATE_KEY = 'sample-center';

/**
 * Does nothing when there are users already, unless an earlier start began this and was interrupted.
 * @returns the accounts made, with the passwords to be shown once.
 */
export const bootstrapCenter = async (store: Store, deps: BootstrapDeps): Promise<SampleAccount[]> => {
  const begun = (await store.state.get<string>(STATE_KEY)) === 'begun';
  if (!begun && (await store.users.list()).length > 0) return [];
  await store.state.set(STATE_KEY, 'begun');
  for (const skill of SAMPLE_SKILLS) await store.skills.save(skill);
  for (const team of SAMPLE_TEAMS) await store.teams.save(team);
  await store.calendars.save(SAMPLE_CALENDAR);
  for (const { queueId, ...settings } of SAMPLE_QUEUES) {
    await store.queues.save({
      _id: asId<QueueId>(queueId),
      ...settings,
      offerTimeoutMs: OFFER_TIMEOUT_MS,
      wrapUpMs: WRAP_UP_MS,
    });
  }
  const flowId = asId<FlowId>(SAMPLE_FLOW.id);
  if (!(await store.flows.get(flowId))) await store.flows.save(flowId, SAMPLE_FLOW);
  await store.numbers.save({ _id: SAMPLE_NUMBER, flowId });
  const accounts: SampleAccount[] = [];
  for (const user of SAMPLE_USERS) {
    if (!(await store.users.findByUserName(user.userName))) accounts.push(await addUser(store, user, deps));
  }
  accounts.push(...(await addPhones(store, deps)));
  await store.state.set(STATE_KEY, 'done');
  return accounts;
};

const addUser = async (store: Store, user: SampleUser, deps: BootstrapDeps): Promise<SampleAccount> => {
  const password = deps.password ?? newToken(PASSWORD_BYTES);
  const { userName, displayName, displayNameZh, role, agent } = user;
  await store.users.add({
    userName,
    displayName,
    displayNameZh,
    roles: [role],
    passwordHash: await hashPassword(password),
    ...(agent ? { agent: { agentId: asId<AgentId>(userName), ...agent, skills: { ...agent.skills } } } : {}),
    createdAtMs: deps.clock.nowMs(),
    disabled: false,
  });
  return { userName, password, role };
};

const addPhones = async (store: Store, { clock, password, sipRealm }: BootstrapDeps): Promise<SampleAccount[]> => {
  const book = await PhoneBook.load({ store, realm: sipRealm, clock });
  const accounts: SampleAccount[] = [];
  for (const { extension, ...settings } of SAMPLE_PHONES) {
    const added = await book.add(extension, settings, password);
    if (added.ok) accounts.push({ userName: extension, password: added.value.password, role: 'SIP phone' });
  }
  return accounts;
};
