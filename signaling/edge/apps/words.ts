/** The extensions by which an app keeps its calls over a restart, on either side of the connection. */

/** `{"name":"…"}` is answered with `{"dialogs":["…"]}`: what the app of this name has. */
export const APP_EXTENSION = 'app';

/** `{"dialogs":["…"],"reason":"…"}`: ends them, with this Reason header. */
export const END_DIALOGS_EXTENSION = 'end-dialogs';
