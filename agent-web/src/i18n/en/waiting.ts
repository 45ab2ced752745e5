/** English texts of callers who wait, and of what befell those of the past. */
export const waiting = {
  queueNotes: {
    title: 'In the queue',
    overflowed: 'overflow to {{to}}: {{why}}',
    diverted: 'diverted {{to}}: {{why}}',
    because: {
      closed: 'the queue was closed',
      'no-agents': 'nobody was signed in',
      length: 'too many waited',
      'expected-wait': 'the wait would have been too long',
      waited: 'had waited long enough',
    },
    to: {
      flow: 'to the flow {{target}}',
      number: 'to {{target}}',
      voicemail: 'to the mailbox {{target}}',
      message: 'with the message {{target}}',
      end: 'to the end',
    },
    toldPosition: 'was told: place {{position}}',
    toldWait: 'was told: between {{from}} and {{to}}',
    callbackBy: {
      caller: 'asked to be called back at {{number}}',
      flow: 'is to be called back at {{number}} by the call flow',
      queue: 'is to be called back at {{number}} by a rule of the queue',
    },
    callbackAgain: 'not reached; to be tried again at {{time}}',
    callbackGivenUp: 'not reached; that was the last attempt',
    placeSince: { dropped: 'has the place of the call that was cut off', callback: 'has the place of the callback' },
    prioritised: '{{who}} set the priority to {{priority}}',
    moved: '{{who}} moved the call to {{to}}',
    assigned: '{{who}} gave the call to {{agent}}',
    removed: '{{who}} ended the waiting',
  },
};
