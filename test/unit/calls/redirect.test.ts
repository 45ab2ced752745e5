import { redirectInvite } from '../../../calls/redirect';
import { Variables } from '../../../flows/variables';
import { InviteDouble } from './support/port-doubles';

const inviteWith = (headers: Record<string, string> = {}) => {
  const sent: { status: number; headers: Readonly<Record<string, string>> }[] = [];
  const invite = Object.assign(new InviteDouble('caller', () => Promise.resolve()), {
    headers,
    reject: (status: number, _reason?: string, with_: Readonly<Record<string, string>> = {}) =>
      void sent.push({ status, headers: with_ }),
  });
  return { invite, sent };
};

it('302 carries the contacts with their preference, and who has diverted the call', () => {
  const { invite, sent } = inviteWith();
  const contacts = [{ uri: 'sip:{called}@a.example', q: 0.9 }, { uri: 'tel:+4930{missing}' }];
  expect(redirectInvite(invite, contacts, new Variables({ called: '4000' }))).toBe(true);
  expect(sent).toEqual([
    {
      status: 302,
      headers: {
        Contact: '<sip:4000@a.example>;q=0.9, <tel:+4930>',
        Diversion: '<sip:4000@here>;reason=unconditional;counter=1',
        'History-Info': '<sip:4000@here>;index=1',
      },
    },
  ]);
});

it('earlier diversions and history are kept behind and before ours', () => {
  const diversion = '<sip:1@x>;reason=no-answer;counter=1';
  const { invite, sent } = inviteWith({ diversion, 'history-info': '<sip:1@x>;index=1, <sip:2@y>;index=1.1' });
  redirectInvite(invite, [{ uri: 'sip:a@b' }], new Variables());
  expect(sent[0]?.headers).toMatchObject({
    Diversion: `<sip:4000@here>;reason=unconditional;counter=1, ${diversion}`,
    'History-Info': '<sip:1@x>;index=1, <sip:2@y>;index=1.1, <sip:4000@here>;index=1.1.1',
  });
});

it.each([
  ['a counter of ten', { diversion: '<sip:1@x>;reason=unknown;counter=10' }],
  ['ten entries', { 'history-info': Array.from({ length: 10 }, (_, n) => `<sip:${n}@x>;index=${n}`).join(', ') }],
])('a call that has gone in a circle, %s, is not sent on', (_what, headers) => {
  const { invite, sent } = inviteWith(headers);
  expect(redirectInvite(invite, [{ uri: 'sip:a@b' }], new Variables())).toBe(false);
  expect(sent).toEqual([]);
});

it('a value cannot smuggle a header in: a contact that is no URI any more is left out', () => {
  const { invite, sent } = inviteWith();
  const variables = new Variables({ caller: 'x>\r\nEvil: 1' });
  expect(redirectInvite(invite, [{ uri: 'sip:{caller}@a' }], variables)).toBe(false);
  expect(sent).toEqual([]);
});
