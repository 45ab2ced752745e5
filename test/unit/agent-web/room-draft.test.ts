/** The form of a conference room: what is sent, and what is wrong at which field. */
import { NEW_ROOM, bodyOf, draftOf, faultOfServer, faultsOf } from '../../../agent-web/src/conferences/room-draft';
import type { RoomDraft } from '../../../agent-web/src/conferences/room-draft';
import { conferenceRoomSchema } from '../../../api/contract/conferences';

const draft = (about: Partial<RoomDraft> = {}): RoomDraft => ({ ...NEW_ROOM, id: 'board', name: 'Board', ...about });

it('a new room with a name is sent as the API has its defaults', () => {
  expect(conferenceRoomSchema.parse(bodyOf(draft()))).toEqual(conferenceRoomSchema.parse({ name: 'Board' }));
});

it('what was read is sent as it was: a hidden PIN stays, an emptied one is none; numbers lose their decoration', () => {
  const read = { id: 'board', ...conferenceRoomSchema.parse({ name: 'Board', nameZh: '董事会', language: 'en' }) };
  const shown = { ...read, moderatorPin: '***', participantPin: '***', numbers: ['4500'] };
  const edited = { ...draftOf(shown), participantPin: '', numbers: ['4500', '+49 (30) 200'] };
  expect(bodyOf(edited)).toEqual({
    ...conferenceRoomSchema.parse({ name: 'Board', nameZh: '董事会', language: 'en' }),
    moderatorPin: '***',
    participantPin: undefined,
    numbers: ['4500', '+4930200'],
  });
});

it.each<[string, Partial<RoomDraft>, string]>([
  ['id', { id: 'Board' }, 'id'],
  ['id', { id: 'taken' }, 'idTaken'],
  ['name', { name: ' ' }, 'name'],
  ['numbers', { numbers: ['4500', 'Ä'], moderatorPin: '1234' }, 'numbers'],
  ['participantPin', { participantPin: '123' }, 'pin'],
  ['listenerPin', { participantPin: '1234', listenerPin: '1234' }, 'pinsEqual'],
  ['withoutPin', { numbers: ['4500'] }, 'noEntry'],
  ['maxMembers', { maxMembers: 1 }, 'maxMembers'],
  ['music', { music: 'A B' }, 'music'],
])('%s of %o → %s', (field, about, fault) => {
  expect(faultsOf(draft(about), ['taken'])).toEqual({ [field]: fault });
});

it('two PINs that are both hidden are not the same', () => {
  expect(faultsOf(draft({ numbers: ['1'], moderatorPin: '***', participantPin: '***' }), [])).toEqual({});
});

it.each([
  ['number-taken', ['numbers', 'numberTaken']],
  ['room-pins-equal', ['moderatorPin', 'pinsEqual']],
  ['room-without-entry', ['withoutPin', 'noEntry']],
  [undefined, undefined],
])('the server says %s → %j', (key, at) => {
  expect(faultOfServer(key)).toEqual(at);
});
