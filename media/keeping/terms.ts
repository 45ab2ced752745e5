/**
 * What a media process keeps for an app that was killed, and how the app's next life takes it over.
 *
 *   one life of the app          media process             the next life
 *    | keepMemo …                 |                          |
 *    |--------------------------->|                          |
 *    X killed                     |  sound goes on, events   |
 *                                 |  wait                    |
 *                                 |<-------------------------| claim     who came before is cut off
 *                                 |<-------------------------| claimed   page by page: what is open, and the memos
 *                                 |<-------------------------| resume    the events that have waited follow
 */
import { z } from 'zod';
import type { EndpointId, MixId, RecordingId } from '../../base/ids';
import type { Result } from '../../base/result';

/** One start of one app. Whoever knows the id is the app; the life is another one after each start. */
export interface AppLife {
  readonly id: string;
  readonly life: string;
}

/** What a memo is about. */
export type Subject = EndpointId | RecordingId | MixId;

/** A part of what an app's earlier lives have left. */
export interface ClaimPage {
  readonly endpoints: readonly EndpointId[];
  readonly recordings: readonly RecordingId[];
  readonly mixes: readonly MixId[];
  /** Of what parties say; those that have not been dropped. */
  readonly takes: readonly string[];
  readonly memos: readonly (readonly [subject: Subject, memo: unknown])[];
}

export interface KeepingPort {
  /**
   * What the app wants to be told of a subject after its next start; null forgets it, and so does closing the subject.
   * Fails with `overloaded` when there are too many.
   */
  keepMemo(subject: Subject, memo: unknown): Promise<Result<void>>;
  /**
   * What earlier lives of the app have open is this one's from now on; whoever of them is still there is told and cut
   * off. Events about it wait for {@link KeepingPort.resume}. Asked again, it gives what has come since as well.
   */
  claim(): Promise<Result<{ readonly pages: number }>>;
  /** Fails with `not_found` when there is no such page, from 0. */
  claimed(page: number): Promise<Result<ClaimPage>>;
  /** Sends the events that have waited, before its answer. */
  resume(): Promise<Result<void>>;
}

const idText = z.string().min(1).max(100);

export const KEEPING_PARAMS = {
  keepMemo: z.tuple([idText, z.unknown()]),
  claim: z.tuple([]),
  claimed: z.tuple([z.number().int().min(0)]),
  resume: z.tuple([]),
} satisfies Record<keyof KeepingPort, z.ZodType>;

export type KeepingMethod = keyof KeepingPort;

export const isKeepingMethod = (method: string): method is KeepingMethod => Object.hasOwn(KEEPING_PARAMS, method);
