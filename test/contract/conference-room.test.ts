/** A conference room with real sound: who hears whom through every key and rule, and who must not. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { channelSamples, readWav } from '../../media/wav/wav-reader';
import { value } from '../support/media-bench';
import { RoomBench } from '../support/room-bench';
import type { Caller } from '../support/room-bench';
import { fromPcm16, toneLevelDbfs } from '../support/spectrum';
import { pause, until } from '../support/wait';

jest.setTimeout(60_000);

const SILENT_DBFS = -45;
/** Where the voice breaks off and begins again there is a little of every frequency; a key has some -14. */
const UNHEARD_KEY_DBFS = -38;
const STAR = [941, 1209] as const;
const FIVE = [770, 1336] as const;
const SIX = [770, 1477] as const;

let bench: RoomBench;

afterEach(() => bench.close());

const hungUp = ({ invite, from }: Caller): Promise<unknown> =>
  until(`${from} to be hung up`, () => invite.dialog?.ended !== undefined, 15_000);

/** The level of a tone in the 50 ms in which it is loudest. */
const loudestDbfs = (samples: Float64Array, frequencyHz: number): number => {
  const pieces = Array.from({ length: Math.max(0, Math.floor(samples.length / 200) - 1) }, (_, index) => index * 200);
  return Math.max(-Infinity, ...pieces.map((at) => toneLevelDbfs(samples.subarray(at, at + 400), frequencyHz)));
};

it('[CNF-01] who waits for the moderator hears music and nobody, and is heard by nobody; all end with the moderator', async () => {
  bench = await RoomBench.start({ waitForModerator: true, endWithModerator: true });
  const [pat, lis] = await Promise.all([
    bench.comes('pat', 'participant', { hz: 440 }),
    bench.comes('lis', 'listener', { hz: 1000 }),
  ]);
  expect(bench.conference.members.map(({ stage }) => stage)).toEqual(['waiting', 'waiting']);
  await Promise.all([bench.untilHearsOther(pat, [pat, lis]), bench.untilHearsOther(lis, [pat, lis])]);
  const mod = await bench.comes('mod', 'moderator', { hz: 1700 });
  await Promise.all([
    bench.untilHears(pat, [mod], [pat, lis]),
    bench.untilHears(lis, [mod, pat], [lis]),
    bench.untilHears(mod, [pat], [mod, lis]),
  ]);
  mod.invite.leave();
  await Promise.all([hungUp(pat), hungUp(lis)]);
  expect(bench.conference).toMatchObject({ state: 'empty', members: [] });
  expect(bench.saved.get('pat')).toMatchObject({ data: { 'conference-end': 'ended' } });
});

it('[CNF-01] [CNF-04] mute for all and back, a hand and the floor by key, a member removed: heard and not heard', async () => {
  bench = await RoomBench.start();
  const [mod, pat, lis] = await Promise.all([
    bench.comes('mod', 'moderator', { hz: 440 }),
    bench.comes('pat', 'participant', { hz: 1000 }),
    bench.comes('lis', 'listener', { hz: 1700 }),
  ]);
  const hear = (ofMod: readonly Caller[], ofPat: readonly Caller[], ofLis: readonly Caller[]): Promise<unknown> => {
    const check = (ear: Caller, heard: readonly Caller[]) =>
      bench.untilHears(
        ear,
        heard,
        [mod, pat, lis].filter((one) => !heard.includes(one)),
      );
    return Promise.all([check(mod, ofMod), check(pat, ofPat), check(lis, ofLis)]);
  };
  await hear([pat], [mod], [mod, pat]);
  await bench.press(mod, '*2');
  await hear([], [mod], [mod]);
  // Nobody lets oneself speak again.
  await bench.press(pat, '*6');
  await bench.press(lis, '*5');
  await bench.press(mod, '*4');
  await hear([lis], [mod, lis], [mod]);
  await bench.press(mod, '*2');
  await hear([pat, lis], [mod, lis], [mod, pat]);
  await bench.press(pat, '*6');
  await hear([lis], [mod, lis], [mod]);
  await bench.press(pat, '*6');
  const memberId = bench.conference.members.find(({ number }) => number === 'lis')?.memberId;
  if (!memberId) throw new Error('the listener is gone');
  bench.direct({ do: 'mute', memberId });
  await hear([pat], [mod], [mod, pat]);
  bench.direct({ do: 'remove', memberId });
  await hungUp(lis);
  await bench.untilHears(mod, [pat], [mod, lis]);
});

it('[CNF-01] who is kept out by the lock, a full room or three wrong PINs is never heard inside, and hears nobody', async () => {
  bench = await RoomBench.start({ maxMembers: 2 });
  // Above what the prompts say, which those who are kept out do hear.
  const [mod, pat] = await Promise.all([
    bench.comes('mod', 'moderator', { hz: 3000 }),
    bench.comes('pat', 'participant', { hz: 3250 }),
  ]);
  await bench.untilHears(mod, [pat], [mod]);
  mod.peer.clear();
  const guesser = await bench.dials('guesser', 1700);
  for (const pin of ['9999', '2223', '0000']) await bench.press(guesser, `${pin}#`);
  const late = await bench.dials('late', 2300);
  await bench.press(late, '2222#');
  await Promise.all([hungUp(guesser), hungUp(late)]);
  await bench.press(mod, '*1');
  const locked = await bench.dials('locked', 2700);
  await bench.press(locked, '3333#');
  await hungUp(locked);
  const ends = ['guesser', 'late', 'locked'].map((from) => bench.saved.get(from)?.data?.['conference-end']);
  expect(ends).toEqual(['wrong-pin', 'full', 'locked']);
  for (const { peer, hz } of [guesser, late, locked]) {
    expect(loudestDbfs(mod.peer.heard(), hz)).toBeLessThan(SILENT_DBFS);
    expect([mod, pat].map((inside) => loudestDbfs(peer.heard(), inside.hz) > -27)).toEqual([false, false]);
  }
});

it('[CNF-01] a tone for who may speak and comes or goes, none for listeners', async () => {
  bench = await RoomBench.start({ tones: true });
  const mod = await bench.comes('mod', 'moderator', { hz: 300 });
  mod.peer.hush();
  await bench.untilHears(mod, [], [mod]);
  await pause(500);
  const toneHeard = async (): Promise<boolean> => {
    await pause(400);
    const heard = mod.peer.heard();
    mod.peer.clear();
    return [660, 880].every((hz) => loudestDbfs(heard, hz) > -27);
  };
  await toneHeard();
  const lis = await bench.comes('lis', 'listener', { hz: 1700 });
  expect(await toneHeard()).toBe(false);
  const pat = await bench.comes('pat', 'participant', { hz: 1000 });
  expect(await toneHeard()).toBe(true);
  lis.invite.leave();
  expect(await toneHeard()).toBe(false);
  pat.invite.leave();
  expect(await toneHeard()).toBe(true);
});

it('[CNF-01] keys that are tones are obeyed, and are in nobody’s ear and in no recording; masked, no voice is recorded', async () => {
  bench = await RoomBench.start({ record: true });
  const mod = await bench.comes('mod', 'moderator', { hz: 440 });
  const pat = await bench.dials('pat', 1900, 'inband');
  await bench.press(pat, '2222#');
  await bench.untilHears(mod, [pat], [mod]);
  mod.peer.clear();
  await bench.pressAloud(pat, [STAR, SIX]);
  await bench.untilMember(pat, ({ voice }) => voice === 'self-muted');
  await bench.pressAloud(pat, [STAR, SIX]);
  await bench.untilMember(pat, ({ voice }) => voice === 'open');
  await bench.untilHears(mod, [pat], [mod]);
  bench.direct({ do: 'mask-recording' });
  await bench.untilHears(pat, [mod], [pat]);
  await pause(500);
  pat.peer.clear();
  // The moderator's own keys, too, whose form is another one.
  await bench.pressAloud(mod, [FIVE, FIVE, FIVE]);
  await pause(300);
  const [ofMod, ofPat] = [mod.peer.heard(), pat.peer.heard()];
  bench.direct({ do: 'end' });
  await Promise.all([hungUp(mod), hungUp(pat)]);
  for (const hz of [...STAR, ...SIX]) expect(loudestDbfs(ofMod, hz)).toBeLessThan(UNHEARD_KEY_DBFS);
  for (const hz of FIVE) expect(loudestDbfs(ofPat, hz)).toBeLessThan(UNHEARD_KEY_DBFS);
  const { recordings } = bench.saved.get('mod') ?? {};
  const [entry] = recordings ?? [];
  if (!entry) throw new Error('nothing was recorded');
  const wav = value(readWav(await readFile(join(bench.media.recordingsDir, entry.path))));
  const samples = fromPcm16(channelSamples(wav, 0));
  expect(loudestDbfs(samples, 1900)).toBeGreaterThan(-27);
  for (const hz of [...STAR, ...SIX, ...FIVE]) expect(loudestDbfs(samples, hz)).toBeLessThan(UNHEARD_KEY_DBFS);
  const [silence] = entry.silences ?? [];
  const masked = samples.subarray(8 * ((silence?.fromMs ?? 0) - entry.startedAtMs + 200), 8 * (entry.durationMs - 100));
  expect(masked.length).toBeGreaterThan(8 * 500);
  for (const hz of [440, 1900]) expect(loudestDbfs(masked, hz)).toBeLessThan(SILENT_DBFS);
  expect(await readdir(bench.media.recordingsDir)).toContain(entry.path.split('/')[0]);
});
