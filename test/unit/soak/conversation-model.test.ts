import { after, BEGINNING, hearing, possibleActs, possibleEnds, recorded } from '../../soak/model/conversation-model';
import type { Act, Conversation, EndingAct } from '../../soak/model/conversation-model';

const path = (...acts: Exclude<Act, EndingAct>[]): Conversation =>
  acts.reduce((state, act) => {
    expect(possibleActs(state, true)).toContain(act);
    return after(state, act);
  }, BEGINNING);

const heardIn = (state: Conversation): Record<string, string> =>
  Object.fromEntries([...hearing(state)].map(([who, whom]) => [who, [...whom].sort().join(' ')]));

it.each<[string, Conversation, Record<string, string>]>([
  ['two talk', path(), { caller: 'a', a: 'caller' }],
  ['on hold', path('hold'), { caller: 'music', a: '' }],
  ['muted', path('mute'), { caller: '', a: 'caller' }],
  ['a consultation', path('consult'), { caller: 'music', a: 'b', b: 'a' }],
  ['to and fro', path('consult', 'toggle'), { caller: 'a', a: 'caller', b: 'music' }],
  ['a call of three', path('consult', 'merge'), { caller: 'a b', a: 'b caller', b: 'a caller' }],
  ['the agent steps aside', path('consult', 'merge', 'hold'), { caller: 'b', a: '', b: 'caller' }],
  ['after a transfer', path('mute', 'transfer'), { caller: 'b', b: 'caller' }],
  ['the third party has hung up', path('consult', 'third-says-bye'), { caller: 'music', a: '' }],
  ['monitor', path('monitor'), { caller: 'a', a: 'caller', supervisor: 'a caller' }],
  ['whisper', path('whisper'), { caller: 'a', a: 'caller supervisor', supervisor: 'a caller' }],
  ['barge', path('barge'), { caller: 'a supervisor', a: 'caller supervisor', supervisor: 'a caller' }],
  ['barge on hold', path('barge', 'hold'), { caller: 'music', a: 'supervisor', supervisor: 'a' }],
  ['monitor at a consultation', path('monitor', 'consult'), { caller: 'music', a: 'b', b: 'a', supervisor: 'a b' }],
])('%s', (_name, state, heard) => {
  expect(heardIn(state)).toEqual(heard);
});

it('the recording has caller and agent, in a consultation whom the agent consults, and nobody who whispers', () => {
  expect(recorded(path('whisper'))).toEqual([['caller'], ['a']]);
  expect(recorded(path('barge'))).toEqual([['caller'], ['a', 'supervisor']]);
  expect(recorded(path('consult'))).toEqual([['b'], ['a']]);
  expect(recorded(path('consult', 'merge'))).toEqual([['caller'], ['a', 'b']]);
  expect(recorded(path('mask'))).toEqual([[], []]);
  expect(recorded(path('stop-recording'))).toBeUndefined();
});

it('nothing leads out of the model: every state has a way to end, and only acts that are possible in it', () => {
  const seen = new Set<string>();
  const open = [BEGINNING];
  for (const state of open) {
    const key = JSON.stringify(state);
    if (seen.has(key)) continue;
    seen.add(key);
    expect(possibleEnds(state).length).toBeGreaterThan(0);
    open.push(...possibleActs(state, true).map((act) => after(state, act as Exclude<Act, EndingAct>)));
  }
  expect(seen.size).toBeGreaterThan(100);
});
