/**
 * The center that the soak calls: written into an empty data folder before the product starts, since accounts are no part
 * of its API. Everything else is set up as an administrator does it.
 */
import { readdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { asId } from '../../base/ids';
import type { AgentId, QueueId } from '../../base/ids';
import { pcm16Bytes, writeWav } from '../../media/wav/wav-header';
import type { Store } from '../../store/connect';
import { fillStore } from '../support/filled-store';
import type { Account } from '../support/filled-store';
import type { Product } from '../support/product';
import { voiceSamples } from './sound/voices';

const PROMPTS = resolve(__dirname, '../../media/sounds/prompts/en');
/** 400 ms. */
const PROMPT_SAMPLES = 3_200;
const OFFER_TIMEOUT_MS = 20_000;
const WRAP_UP_MS = 120_000;
const RESUME_AFTER_MS = 3_600_000;
const ROOM_ROLES = ['moderator', 'participant', 'participant', 'participant', 'listener'] as const;
export type RoomRole = (typeof ROOM_ROLES)[number];

export interface CenterPlan {
  readonly conversations: number;
  /** Of so many conversations one has a supervisor of its own. */
  readonly supervisedEvery: number;
  readonly rooms: number;
}

export const isSupervised = ({ supervisedEvery }: CenterPlan, index: number): boolean => index % supervisedEvery === 0;

export const agentName = (kind: 'a' | 'b' | 'supervisor', index: number): string => `${kind}-${index}`;
export const numberOfConversation = (index: number): string => `41${String(index).padStart(3, '0')}`;

/** Who is in one room, each with the number that lets them in. */
export const membersOfRoom = (room: number): readonly { readonly role: RoomRole; readonly number: string }[] =>
  ROOM_ROLES.map((role, index) => ({ role, number: `42${String(room).padStart(2, '0')}${index}` }));

/** Everybody's accounts, for a product that has not started yet. */
export const writeAccounts = (home: string, plan: CenterPlan): Promise<void> =>
  fillStore(home, async (store, account) => {
    await store.users.add({ ...account, userName: 'super1', displayName: 'Supervisor', roles: ['supervisor'] });
    for (let index = 0; index < plan.conversations; index += 1)
      await writeConversation(store, { account, index, plan });
  });

const writeConversation = async (
  store: Store,
  of: { readonly account: Account; readonly index: number; readonly plan: CenterPlan },
): Promise<void> => {
  const { account, index, plan } = of;
  const skill = `soak-${index}`;
  await store.queues.save({
    _id: asId<QueueId>(skill),
    name: `Soak ${index}`,
    skills: { [skill]: 1 },
    ...{ offerTimeoutMs: OFFER_TIMEOUT_MS, wrapUpMs: WRAP_UP_MS },
  });
  const add = async (kind: 'a' | 'b' | 'supervisor', skills: Record<string, number>): Promise<void> => {
    const userName = agentName(kind, index);
    const extension = `${{ a: 5, b: 6, supervisor: 7 }[kind]}${String(index).padStart(3, '0')}`;
    const role = kind === 'supervisor' ? ('supervisor' as const) : ('agent' as const);
    const agent = { agentId: asId<AgentId>(userName), extension, skills };
    await store.users.add({ ...account, userName, displayName: userName, roles: [role], agent });
  };
  await add('a', { [skill]: 5 });
  await add('b', {});
  if (isSupervised(plan, index)) await add('supervisor', {});
};

export interface CenterTones {
  readonly musicHz: number;
  /** In the place of everything that is said in conferences. */
  readonly promptHz: number;
}

/** Flows, numbers, rooms, what is recorded, and tones in the place of music and prompts. */
export async function setUpCenter(product: Product, plan: CenterPlan, tones: CenterTones): Promise<void> {
  const { admin } = product;
  await putTones(product, tones);
  await admin('PUT', '/recording-policies/all', {
    ...{ mode: 'always', default: true, resumeAfterMs: RESUME_AFTER_MS },
    agentMay: ['start', 'stop', 'pause', 'mask'],
  });
  const answer = { do: 'answer', next: 'on' };
  const putFlow = async (id: string, of: { readonly number: string; readonly on: object; readonly end?: object }) => {
    const document = { id, version: 1, title: id, start: 'answer', steps: { answer, on: of.on, ...of.end } };
    await admin('PUT', `/flows/${id}`, document);
    await admin('PUT', `/numbers/${of.number}`, { flowId: id });
  };
  for (let index = 0; index < plan.conversations; index += 1)
    await putFlow(`conversation-${index}`, {
      number: numberOfConversation(index),
      on: { do: 'enqueue', queue: `soak-${index}`, music: 'soak' },
    });
  const end = { bye: { do: 'hang-up' } };
  for (let room = 0; room < plan.rooms; room += 1) {
    await admin('PUT', `/conference-rooms/room-${room}`, {
      name: `Room ${room}`,
      tones: false,
      record: true,
      language: 'en',
    });
    for (const { role, number } of membersOfRoom(room))
      await putFlow(`room-${number}`, {
        number,
        on: { do: 'conference', room: `room-${room}`, role, next: 'bye', otherwise: 'bye' },
        end,
      });
  }
}

const putTones = async (product: Product, { musicHz, promptHz }: CenterTones): Promise<void> => {
  const { token } = await product.signIn('admin');
  const put = async (path: string, samples: Int16Array): Promise<void> => {
    const wav = writeWav({ encoding: 'pcm16', channels: 1, sampleRateHz: 8_000 }, pcm16Bytes(samples));
    const response = await fetch(`${product.url}/api/v1/sounds/file?path=${encodeURIComponent(path)}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'audio/wav' },
      body: new Uint8Array(wav),
    });
    if (!response.ok) throw new Error(`the sound ${path} was refused: ${response.status} ${await response.text()}`);
  };
  const once = voiceSamples(musicHz);
  const music = new Int16Array(once.length * 8);
  for (let at = 0; at < music.length; at += once.length) music.set(once, at);
  for (const name of ['soak', 'default']) await put(`music/${name}`, music);
  const prompt = voiceSamples(promptHz).subarray(0, PROMPT_SAMPLES);
  const said = readdirSync(PROMPTS).filter((file) => file.startsWith('conference-') && file.endsWith('.wav'));
  for (const file of said) await put(`prompts/en/${basename(file, '.wav')}`, prompt);
};
