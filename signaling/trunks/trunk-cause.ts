/** Why a trunk, one of its proxies or its registration is as it is: made where it is known, said where it is read. */

interface Cause<Key extends string, Values = Readonly<Record<string, never>>> {
  readonly key: Key;
  readonly values: Values;
}

type Answer = Readonly<{ status: number; reason: string }>;
type OwnMethod = Readonly<{ method: 'OPTIONS' | 'REGISTER' }>;

/** `error` is what a library or the system said, in its own words. */
export type TrunkCause =
  /** The carrier refused, or said that it is unable. */
  | Cause<'response', Answer>
  /** A 401 or 407 to credentials that we had sent. */
  | Cause<'credentials-refused', Answer & Readonly<{ username: string }>>
  /** A 401 or 407 without a challenge that we can answer. */
  | Cause<'challenge-unknown', Answer>
  | Cause<'not-answered', OwnMethod & Readonly<{ timeoutMs: number }>>
  | Cause<'not-sent', OwnMethod & Readonly<{ error: string }>>
  | Cause<'nothing-sent'>
  /** Of ours, such as a drachtio-server. */
  | Cause<'server-not-connected'>
  | Cause<'server-lost'>
  /** A call through a proxy. */
  | Cause<'call-not-answered', Readonly<{ timeoutMs: number }>>
  | Cause<'call-not-placed', Readonly<{ error: string }>>
  | Cause<'internal', Readonly<{ error: string }>>
  /** A proxy is up, or is given another chance; others may still be down. */
  | Cause<'answered'>
  | Cause<'pause-over'>
  | Cause<'registering'>
  | Cause<'registered'>
  | Cause<'settings-changed'>;

/** In English, for logs, and for programs that know no keys. */
export const causeText = (cause: TrunkCause): string => {
  switch (cause.key) {
    case 'response':
      return answerText(cause.values);
    case 'credentials-refused':
      return `${answerText(cause.values)} (the user name or password of ${cause.values.username} was refused)`;
    case 'challenge-unknown':
      return `${answerText(cause.values)} (the ${cause.values.status} has no digest challenge of MD5, SHA-256 or SHA-512-256)`;
    case 'not-answered':
      return `${cause.values.method} was not answered within ${cause.values.timeoutMs} ms`;
    case 'not-sent':
      return `${cause.values.method} could not be sent: ${cause.values.error}`;
    case 'nothing-sent':
      return 'nothing was sent';
    case 'server-not-connected':
      return 'the SIP server is not connected';
    case 'server-lost':
      return 'the SIP server was lost';
    case 'call-not-answered':
      return `the proxy said nothing within ${cause.values.timeoutMs} ms`;
    case 'call-not-placed':
      return `the call could not be placed: ${cause.values.error}`;
    case 'internal':
      return cause.values.error;
    case 'answered':
      return 'it answers';
    case 'pause-over':
      return 'its pause is over';
    case 'registering':
    case 'registered':
      return cause.key;
    case 'settings-changed':
      return 'its settings were changed';
  }
};

const answerText = ({ status, reason }: Answer): string => `${status} ${reason}`.trim();
