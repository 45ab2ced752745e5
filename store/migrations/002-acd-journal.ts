import type { Migration } from './migration';

export const indexAcdJournal: Migration = {
  number: 2,
  name: 'indexes for the journal of the ACD',
  async up(db) {
    await db.collection('acdEvents').createIndexes([
      { key: { 'decisions.contactId': 1 }, name: 'decisions_of_contact', sparse: true },
      { key: { atMs: 1 }, name: 'oldest' },
    ]);
  },
};
