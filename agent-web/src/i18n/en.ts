/** English: the reference; its keys are the keys that every other language must have. Texts of single pages lie in `en/`. */
import { conferences } from './en/conferences';
import { desk } from './en/desk';
import { floor } from './en/floor';
import { history } from './en/history';
import { detection } from './en/detection';
import { quality } from './en/quality';
import { queues } from './en/queues';
import { recordings } from './en/recordings';
import { policies } from './en/policies';
import { waiting } from './en/waiting';
import { notices } from './en/notices';
import { wallboard } from './en/wallboard';
import { workforce } from './en/workforce';
import { prompts } from './en/prompts';
import type { Texts } from './texts';

export const en = {
  ...conferences,
  ...desk,
  ...history,
  ...recordings,
  ...detection,
  ...quality,
  ...floor,
  ...prompts,
  ...policies,
  ...queues,
  ...waiting,
  ...wallboard,
  ...workforce,
  ...notices,
  app: { name: 'Switchroom', language: 'Language', loading: 'Loading' },
  signIn: {
    title: 'Sign in',
    subtitle: 'Use the account your administrator gave you.',
    userName: 'User name',
    password: 'Password',
    submit: 'Sign in',
    userNameMissing: 'Enter your user name.',
    passwordMissing: 'Enter your password.',
    wrong: 'User name or password is wrong.',
    tooMany: 'Too many tries. Wait a moment, then try again.',
    tooManyWait: 'Too many tries. Try again in {{count}} s.',
    unreachable: 'The server does not answer. Check your network connection, then try again.',
    unavailable: 'The server cannot sign you in at the moment. Try again shortly.',
    failed: 'Sign-in failed: {{message}}',
    expired: 'Your session has expired. Please sign in again.',
    signedOut: 'You have signed out.',
    claim1: 'Every call rings where you are.',
    claim2: 'Answer, talk and write it down in one place.',
  },
  session: {
    replacedTitle: 'You are signed in somewhere else',
    replacedText: 'Your desk was opened in another window or browser. Calls ring there now.',
    replacedTalking:
      'Your desk was opened in another window. Your conversation continues here: leave this window open until it ends.',
    inUseTitle: 'You are in a call in another window',
    inUseText:
      'You can take your desk over. The conversation continues in the other window until it ends; do not close that window before.',
    takeOver: 'Take over',
    useHere: 'Use it here',
    signOut: 'Sign out',
    signOutBusy: 'You are still in a call or in wrap-up.',
    signOutLaterText: 'You can be signed out as soon as it is over.',
    signOutLater: 'Sign out then',
    stay: 'Stay signed in',
    extension: 'Extension {{extension}}',
    roles: { agent: 'Agent', supervisor: 'Supervisor', administrator: 'Administrator' },
  },
  nav: {
    desk: 'Desk',
    calls: 'Calls',
    recordings: 'Recordings',
    team: 'Team',
    waiting: 'Waiting',
    wallboard: 'Wallboard',
    reports: 'Reports',
    conferences: 'Conferences',
    prompts: 'Prompts',
    queues: 'Queues',
    notices: 'Notices',
    policies: 'Policies',
    main: 'Main navigation',
  },
  languageName: { en: 'English', zh: 'Chinese' },
  /** What went wrong, by the codes of the API; English shows the server's own, more exact words where there are some. */
  fault: {
    bad_input: 'What was entered is not valid.',
    unauthenticated: 'The session has ended. Sign in again.',
    forbidden: 'You may not do this.',
    not_found: 'It does not exist any more.',
    conflict: 'This is not possible at the moment.',
    busy: 'The other party is busy.',
    no_answer: 'Nobody answered.',
    declined: 'The other party declined.',
    no_route: 'There is no line for this number.',
    not_acceptable_media: 'The two sides have no audio format in common.',
    timeout: 'The server did not reply in time.',
    overloaded: 'Too many requests. Wait a moment.',
    unavailable: 'A part of the system is not available at the moment.',
    closed: 'The call is over.',
    unsupported: 'The server cannot do this.',
    internal: 'The server had an unexpected problem.',
    unreachable: 'The server does not answer.',
  },
  /** Refusals that the server sends in parts. */
  faultAbout: {
    'number-class': 'You may not call {{class}} numbers (rule “{{rule}}”). An administrator can permit it.',
    'call-limit-concurrent':
      'No more than {{limit}} calls to {{class}} numbers at a time are allowed. End one of them first.',
    'call-limit-rate': 'No more than {{limit}} calls to {{class}} numbers a minute are allowed. Wait a moment.',
    'call-limit-cost':
      'Calls to {{class}} numbers are locked, for their cost has reached its ceiling. An administrator can lift the lock.',
    'number-taken': '{{number}} belongs to somebody else already; choose another number.',
    'room-pins-equal': 'Each role of a conference room needs a PIN of its own.',
    'room-without-entry': 'Nobody could enter the room by its numbers: set a PIN, or choose a role for who keys none.',
    'policy-target-taken': 'The policy {{policy}} is about that already; take it out of one of them.',
    'policy-target-unknown': '{{name}} is not there any more; take it out of the policy.',
    'policy-about-nothing': 'The policy is about no calls; choose some, or make it the one for all other calls.',
    'policy-nobody-starts': 'On demand, somebody must be allowed to start a recording.',
    destination: 'You may not call {{number}} (rule “{{rule}}”). An administrator can permit it.',
  },
  numberClass: {
    emergency: 'emergency',
    internal: 'internal',
    local: 'local',
    national: 'national',
    international: 'international',
    premium: 'premium-rate',
    other: 'other',
  },
  connection: {
    events: 'Connection to the server lost. What you see may be old.',
    phone: 'Phone connection lost. Calls cannot reach you.',
    both: 'Connection to the server lost. Calls cannot reach you.',
    refused: 'The server refused the phone’s registration.',
    retryIn: 'Next try in {{count}} s.',
    retrying: 'Connecting…',
    retryNow: 'Try now',
  },
};

/** What a translation must be: the same keys, all texts. */
export type Dictionary = Texts<typeof en>;
