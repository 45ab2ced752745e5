/** Who, or what, was heard to be there. */
export const detection = {
  detection: {
    title: 'Heard',
    /** At the desk, during the call. */
    notice: {
      fax: 'Fax tone: this is a fax machine.',
      machine: 'Answering machine: what you hear is its greeting.',
      awaitsMessage: 'Answering machine: it records now. Leave a message, or hang up.',
    },
    short: { fax: 'Fax machine', machine: 'Answering machine' },
    close: 'Close this notice',
    caller: {
      human: 'The other party is a person',
      machine: 'The other party is an answering machine',
      'not-sure': 'It could not be heard whether the other party is a person',
      fax: 'The other party is a fax machine',
    },
    called: {
      human: 'A person answered at {{id}}',
      machine: 'An answering machine answered at {{id}}',
      'not-sure': 'It could not be heard who answered at {{id}}',
      fax: 'A fax machine answered at {{id}}',
    },
  },
};
