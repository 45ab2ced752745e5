/** English texts of what supervisors watch. */
export const floor = {
  alarms: {
    title: 'Alarms',
    bellNew: 'Alarms, new: {{count}}',
    none: 'No alarms.',
    severity: { info: 'Over', warning: 'Warning', critical: 'Critical' },
    /** Sentences for the kinds of alarms that the server raises; it sends their values. */
    kind: {
      'stranger-knocks': '{{source}} is no peer of ours and has been refused {{refused}} times within a minute.',
      'source-banned': '{{source}} is banned until {{until}}: it failed to sign in ten times.',
      'pair-banned': '{{source}} may not sign in as {{account}} until {{until}}: it failed ten times.',
      'account-banned':
        '{{account}} is under attack: until {{until}}, only places where it has signed in before may sign in as it.',
      'sign-in-failures': '{{source}} failed to sign in ten times under several names, but good users are there, too.',
      'trunk-down': 'The trunk {{trunkId}} is down: {{why}}.',
      'trunk-degraded': 'The trunk {{trunkId}} works, but some of its proxies are down: {{why}}.',
      'trunk-up': 'The trunk {{trunkId}} is up again.',
      'trunk-registration-failed': 'The trunk {{trunkId}} could not register with its carrier: {{why}}.',
      'trunk-registered': 'The trunk {{trunkId}} is registered with its carrier again.',
      'trunk-limit-reached': 'The trunk {{trunkId}} has reached its limit: {{limit}} ({{direction}}).',
      'recording-failed': 'A recording has failed, the call goes on: {{why}}.',
      'recording-move-failed':
        'The recording {{path}} could not be moved to the archive; it stays on the disk and is tried again: {{reason}}',
      'recording-manifest-broken': 'The manifest of the recordings was changed by somebody else: {{reason}}',
      'disk-filling': 'The disk of the recordings is {{usedPercent}} % full, more than {{limitPercent}} %.',
      'disk-full':
        'The disk of the recordings is {{usedPercent}} % full: from {{limitPercent}} % on no recording is begun.',
      'disk-free': 'The disk of the recordings is {{usedPercent}} % full; there is room again.',
      'call-limit': 'A call of {{account}} was refused: {{breach}} to {{class}} numbers ({{limit}} allowed).',
      'call-cost-ceiling':
        '{{account}} may call no more {{class}} numbers: the calls of today cost {{cost}}, of {{limit}} at most. Lift the lock when that is right.',
    },
    /** Why a trunk is as it is, or a recording has failed; as the server says it in its log. */
    cause: {
      response: '{{status}} {{reason}}',
      'credentials-refused': '{{status}} {{reason}} (the user name or password of {{username}} was refused)',
      'challenge-unknown':
        '{{status}} {{reason}} (the {{status}} has no digest challenge of MD5, SHA-256 or SHA-512-256)',
      'not-answered': '{{method}} was not answered within {{timeoutMs}} ms',
      'not-sent': '{{method}} could not be sent: {{error}}',
      'nothing-sent': 'nothing was sent',
      'server-not-connected': 'the SIP server is not connected',
      'server-lost': 'the SIP server was lost',
      'call-not-answered': 'the proxy said nothing within {{timeoutMs}} ms',
      'call-not-placed': 'the call could not be placed: {{error}}',
      internal: '{{error}}',
      answered: 'it answers',
      'pause-over': 'its pause is over',
      registering: 'registering',
      registered: 'registered',
      'settings-changed': 'its settings were changed',
      'disk-too-full': 'the disk is too full to begin one',
      'disk-full': 'the disk is full',
      'disk-too-slow': 'the disk is too slow for the recording',
      'disk-read-only': 'the disk can only be read',
      'disk-broken': 'the disk has failed',
      'disk-quota': 'the quota of disk space is used up',
    },
    /** Of trunks. */
    limit: { calls: 'calls at a time', 'calls-per-second': 'calls a second' },
    breach: {
      'call-limit-concurrent': 'too many calls at a time',
      'call-limit-rate': 'too many calls within a minute',
    },
  },
  team: {
    title: 'Agents',
    hint: 'States of all agents, live.',
    name: 'Name',
    extension: 'Extension',
    state: 'State',
    since: 'For',
    device: 'Browser phone',
    online: 'Connected',
    offline: 'Not connected',
    empty: 'No agents are set up.',
    failed: 'The agents could not be loaded: {{message}}',
  },
};
