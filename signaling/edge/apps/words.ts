/** The extensions by which an app keeps its calls over a restart, on either side of the connection. */

/** `{"name":"…"}` is answered with {@link AppBelongings}. */
export const APP_EXTENSION = 'app';

/** `{"ids":["…"]}` of {@link WaitingCaller}s hands their INVITEs over again, and is answered with `{"taken":["…"]}`. */
export const TAKE_CALLERS_EXTENSION = 'take-callers';

/** `{"dialogs":["…"],"reason":"…"}`: ends them, with this Reason header. */
export const END_DIALOGS_EXTENSION = 'end-dialogs';

/** A dialog that was over before its app came back, or shortly before it went. */
export interface EndedDialog {
  readonly id: string;
  /** `remote`: by BYE, which was answered; `failure`: by the edge; `local`: by the app itself. */
  readonly by: 'remote' | 'failure' | 'local';
  /** The Reason header, if any. */
  readonly reason?: string | undefined;
}

/** An INVITE that the app has been handed and has not finally answered. */
export interface WaitingCaller {
  /** Of the transaction. */
  readonly id: string;
  readonly hasEarlyMedia: boolean;
}

/** What the app of a name has. */
export interface AppBelongings {
  /** Confirmed dialogs by their ids. */
  readonly dialogs: readonly string[];
  readonly ended: readonly EndedDialog[];
  readonly callers: readonly WaitingCaller[];
}
