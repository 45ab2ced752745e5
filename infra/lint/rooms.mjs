/** The rooms and what each may import: the table of docs/design.md, read by lint and by test/architecture.test.ts. */
export const ROOMS = {
  base: [],
  signaling: ['base'],
  media: ['base'],
  acd: ['base'],
  flows: ['base'],
  store: ['base', 'acd', 'flows'],
  calls: ['base', 'signaling', 'media', 'acd', 'flows', 'store'],
  api: ['base', 'calls', 'store', 'flows'],
  'agent-web': ['base', 'api'],
  main: ['base', 'signaling', 'media', 'acd', 'flows', 'store', 'calls', 'api'],
  infra: ['base', 'signaling', 'media', 'acd', 'flows', 'store', 'calls', 'api', 'test'],
};

/** Rooms that may never be imported by anything but those named here. */
const ALL = [...Object.keys(ROOMS), 'test'];

/** @param {string} room @returns {string[]} the rooms that files of `room` must not import */
export const forbiddenRooms = (room) => ALL.filter((other) => other !== room && !ROOMS[room].includes(other));
