/** Queues that administrators change while the product runs: checked, kept, and told to the ACD at once. */
import { asId } from '../../base/ids';
import type { FlowId, QueueId } from '../../base/ids';
import { SwitchroomError } from '../../base/errors';
import type { Logger } from '../../base/log';
import { ok } from '../../base/result';
import type { Result } from '../../base/result';
import { acdProblems } from '../../acd/core/check';
import type { SettingsEditor } from '../../api/ports';
import type { QueueBody } from '../../api/contract/queues';
import type { AcdSetUp } from '../../calls/center';
import type { Store } from '../../store/connect';
import type { Queue } from '../../store/queues';
import type { LiveFlows } from '../load-directory';
import { acdQueueOf } from './acd-model';
import type { AcdModel } from './acd-model';
import { changedMeanwhile, checked, unknownThing, unlessUsed } from './faults';
import type { Use } from './faults';
import { tellFirst } from './tell-first';
import type { AcdEdits } from './tell-first';

export interface QueueEditorDeps {
  readonly store: Pick<Store, 'queues'>;
  readonly model: AcdModel;
  readonly live: Pick<LiveFlows, 'flows' | 'queueIds'>;
  readonly acd: AcdSetUp;
  readonly log: Logger;
  readonly edits: AcdEdits;
  readonly has: (noun: 'skill' | 'tenant', id: string) => boolean;
  /** What beside flows and queues names a queue. */
  readonly usesOf: (queueId: QueueId) => readonly Use[];
  /** Queues, or the calendars that they have, are others now. */
  readonly onChanged: () => void;
}

export const queueEditor = (deps: QueueEditorDeps): SettingsEditor<QueueBody> => ({
  list: () => Promise.resolve(deps.model.queues().map(({ _id, ...value }) => ({ id: _id, value: value as QueueBody }))),
  put: (id, body) => deps.edits.run('acd', () => putQueue(deps, asId<QueueId>(id), body)),
  mayRemove: (id) => {
    const queueId = asId<QueueId>(id);
    return unlessUsed('queue', id, [
      ...usesAmongQueues(deps, queueId),
      ...usesInFlows(deps, id),
      ...deps.usesOf(queueId),
    ]);
  },
  remove: (id) => deps.edits.run('acd', () => removeQueue(deps, asId<QueueId>(id))),
});

const putQueue = async (deps: QueueEditorDeps, queueId: QueueId, body: QueueBody): Promise<Result<void>> => {
  const { store, model, live } = deps;
  const present = model.queue(queueId)?.version ?? 0;
  if (body.version !== undefined && body.version !== present) return changedMeanwhile(`The queue ${queueId}`);
  const queue = { ...body, _id: queueId, version: present + 1 } as Queue;
  const sound = checkQueue(deps, queue);
  if (!sound.ok) return sound;
  const before = model.queue(queueId);
  const kept = await tellFirst(deps, {
    change: { type: 'queue-configured', queue: acdQueueOf(queue) },
    back: before ? { type: 'queue-configured', queue: acdQueueOf(before) } : { type: 'queue-removed', queueId },
    keep: () => store.queues.save(queue).then(() => true),
  });
  if (!kept.ok) return kept;
  model.setQueue(queue);
  live.queueIds.add(queueId);
  deps.onChanged();
  return ok(undefined);
};

const checkQueue = (deps: QueueEditorDeps, queue: Queue): Result<void> => {
  const { model, live, has } = deps;
  const { skills, rings = [], overflow = [] } = queue;
  const named = [
    { path: 'skills', skills },
    ...rings.map((ring, place) => ({ ...ring, path: `rings.${place}.skills` })),
  ];
  for (const { path, skills: levels } of named) {
    const unknown = Object.keys(levels).find((skill) => !has('skill', skill));
    if (unknown !== undefined) return unknownThing('skill', { id: unknown, path });
  }
  for (const path of ['calendarId', 'callbackCalendarId'] as const) {
    const id = queue[path];
    if (id !== undefined && !model.calendar(id)) return unknownThing('calendar', { id, path });
  }
  const { tenant } = queue;
  if (tenant !== undefined && !has('tenant', tenant)) return unknownThing('tenant', { id: tenant, path: 'tenant' });
  for (const [place, { to }] of overflow.entries()) {
    if (to.kind === 'flow' && !live.flows.has(asId<FlowId>(to.target)))
      return unknownThing('flow', { id: to.target, path: `overflow.${place}` });
  }
  return checked(acdProblems(model.config({ queue })));
};

const removeQueue = async (deps: QueueEditorDeps, queueId: QueueId): Promise<boolean> => {
  const { store, model, live } = deps;
  const queue = model.queue(queueId);
  if (!queue) return false;
  const gone = await tellFirst(deps, {
    change: { type: 'queue-removed', queueId },
    back: { type: 'queue-configured', queue: acdQueueOf(queue) },
    keep: () => store.queues.remove(queueId).then(() => true),
  });
  if (!gone.ok)
    throw new SwitchroomError('conflict', `The queue ${queueId} cannot be removed now: ${gone.fault.message}.`);
  model.removeQueue(queueId);
  live.queueIds.delete(queueId);
  deps.onChanged();
  return true;
};

const usesAmongQueues = ({ model }: QueueEditorDeps, queueId: QueueId): Use[] =>
  model
    .queues()
    .filter(({ overflow = [] }) => overflow.some(({ to }) => to.kind === 'queue' && to.queueId === queueId))
    .map(({ _id }) => ({ kind: 'queue', id: _id }));

const usesInFlows = ({ live }: QueueEditorDeps, queueId: string): Use[] =>
  [...live.flows.values()]
    .filter(({ steps }) => Object.values(steps).some((step) => step.do === 'enqueue' && step.queue === queueId))
    .map(({ id }) => ({ kind: 'flow', id }));
