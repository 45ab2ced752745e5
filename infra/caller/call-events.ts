/** What happens on a test call, as it happens. */
import type { DigitForm, G711Codec } from '../../media/ports';

/** Who ended an answered call, and why. */
export type TestCallEnd =
  /** The caller hung up. */
  | { readonly by: 'caller' }
  /** The far end hung up; `reason` is the text of its Reason header, if it gave one. */
  | { readonly by: 'far-end'; readonly reason: string | undefined }
  /** The call was never answered. `status` is absent when no response came. */
  | { readonly by: 'refusal'; readonly status: number | undefined; readonly reason: string }
  /** The call was given up before it was answered. */
  | { readonly by: 'cancel' }
  /** The line or the sound was lost. */
  | { readonly by: 'loss'; readonly reason: string };

/** `atMs` counts from the moment the INVITE was sent. */
export type TestCallEvent = { readonly atMs: number } & (
  | { readonly type: 'inviting'; readonly uri: string; readonly transport: 'udp' | 'tcp' }
  | { readonly type: 'provisional'; readonly status: number; readonly reason: string }
  | { readonly type: 'answered'; readonly codec: G711Codec }
  | { readonly type: 'hearing' }
  | { readonly type: 'digit'; readonly digit: string }
  /** A key of the far end, in each form in which it came. */
  | { readonly type: 'heard-digit'; readonly digit: string; readonly form: DigitForm }
  | { readonly type: 'reinvited'; readonly direction: string }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'ended'; readonly end: TestCallEnd }
);

type WithoutTime<Event> = Event extends unknown ? Omit<Event, 'atMs'> : never;
export type TestCallHappening = WithoutTime<TestCallEvent>;
