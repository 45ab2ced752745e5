import type { TestCallEvent } from '../../../infra/caller/call-events';
import { eventText, levelMeter, timed } from '../../../infra/caller/narrator';

it.each<[TestCallEvent, string]>([
  [{ atMs: 0, type: 'inviting', uri: 'sip:4000@h:5060', transport: 'udp' }, 'INVITE sip:4000@h:5060 over UDP'],
  [{ atMs: 5, type: 'provisional', status: 180, reason: 'Ringing' }, '180 Ringing'],
  [{ atMs: 48.6, type: 'answered', codec: 'PCMA' }, '200 OK in 49 ms: answered, PCMA'],
  [{ atMs: 60, type: 'hearing' }, 'the first sound has come'],
  [{ atMs: 60, type: 'digit', digit: '1' }, 'pressed 1'],
  [{ atMs: 60, type: 'reinvited', direction: 'recvonly' }, 're-INVITE (recvonly): on hold; the far end plays to us'],
  [{ atMs: 60, type: 'note', text: 'odd' }, 'odd'],
  [{ atMs: 60, type: 'ended', end: { by: 'caller' } }, 'hung up'],
  [{ atMs: 60, type: 'ended', end: { by: 'far-end', reason: undefined } }, 'the far end hung up'],
  [{ atMs: 60, type: 'ended', end: { by: 'far-end', reason: 'Done' } }, 'the far end hung up: Done'],
  [{ atMs: 60, type: 'ended', end: { by: 'cancel' } }, 'gave up before it was answered'],
  [
    { atMs: 60, type: 'ended', end: { by: 'refusal', status: 404, reason: 'Not Found' } },
    'not answered: 404 Not Found',
  ],
  [{ atMs: 60, type: 'ended', end: { by: 'refusal', status: undefined, reason: 'nobody there' } }, 'nobody there'],
  [{ atMs: 60, type: 'ended', end: { by: 'loss', reason: 'gone' } }, 'the call was lost: gone'],
])('%j is told as "%s"', (event, text) => {
  expect(eventText(event)).toBe(text);
});

it.each([
  [-Infinity, 'silence'],
  [-60, 'silence'],
  [-59, '█░░░░░░░░░░░░░░░░░░░ -59 dB'],
  [-30, '██████████░░░░░░░░░░ -30 dB'],
  [0, '████████████████████ 0 dB'],
])('a level of %d dB is shown as %s', (levelDbfs, text) => {
  expect(levelMeter(levelDbfs)).toBe(text);
});

it('a line begins with the time since the INVITE', () => {
  expect(timed(12_345, 'pressed 1')).toBe('  12.35 s  pressed 1');
});
