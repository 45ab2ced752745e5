import { LATE_TEXT_MS } from '../../../calls/wrap-up';
import { ANN, OneAgent, WRAP_UP_MS } from './support/one-agent';

const lapsed = async () => {
  const world = new OneAgent();
  const { callId, interactionId } = await world.wrapUp();
  await world.pass(WRAP_UP_MS + 100);
  const done = (note: string) =>
    world.center.desks.perform(ANN, { command: 'wrap-up-done', callId, note, disposition: 'resolved' });
  return { world, done, written: () => world.saved.get(interactionId)?.wrapUp };
};

describe('a wrap-up of which the time has run out', () => {
  it('still takes the note, and changes nothing but note and disposition', async () => {
    const { world, done, written } = await lapsed();
    const before = written();
    expect(before).toMatchObject({ note: '', agentId: ANN });
    world.clock.advance(60_000);
    const { agent } = world.center.desks.snapshot(ANN);
    expect((await done('Wants a letter.')).ok).toBe(true);
    await world.pass(100);
    expect(written()).toEqual({ ...before, note: 'Wants a letter.', disposition: 'resolved' });
    expect(world.center.desks.snapshot(ANN).agent).toEqual(agent);
    expect(await done('again')).toMatchObject({ ok: false, fault: { code: 'conflict' } });
  });

  it('takes it in the next call, too, without ending that', async () => {
    const { world, done, written } = await lapsed();
    await world.talk();
    expect((await done('Wants a letter.')).ok).toBe(true);
    await world.pass(100);
    expect(written()?.note).toBe('Wants a letter.');
    expect(world.call?.state).toBe('connected');
  });

  it('takes no note after ten minutes', async () => {
    const { world, done, written } = await lapsed();
    world.clock.advance(LATE_TEXT_MS);
    expect(await done('late')).toMatchObject({ ok: false, fault: { code: 'conflict' } });
    expect(written()?.note).toBe('');
  });
});

it('a wrap-up that the agent has finished takes no second note', async () => {
  const world = new OneAgent();
  const { callId, interactionId } = await world.wrapUp();
  const done = (note: string) => world.center.desks.perform(ANN, { command: 'wrap-up-done', callId, note });
  expect((await done('first')).ok).toBe(true);
  expect((await done('second')).ok).toBe(false);
  await world.pass(100);
  expect(world.saved.get(interactionId)?.wrapUp?.note).toBe('first');
});
