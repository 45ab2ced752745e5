/** The flow behind a room's own number: into the conference, and goodbye. */
import type { FlowDocument } from '../../flows/document';
import type { ConferenceRoom } from '../../store/conference-rooms';

export const flowOfRoom = ({ _id: room, name }: Pick<ConferenceRoom, '_id' | 'name'>): FlowDocument => ({
  id: `conference-${room}`,
  version: 1,
  title: `Conference room ${name}`,
  start: 'answer',
  steps: {
    answer: { do: 'answer', next: 'conference' },
    conference: { do: 'conference', room, next: 'over', otherwise: 'not-entered' },
    over: { do: 'hang-up', reason: 'conference over' },
    'not-entered': { do: 'hang-up', reason: 'conference not entered' },
  },
});
