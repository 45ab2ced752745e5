/** One conference room after the other: members come, go, mute themselves and are muted; everybody's ears check it. */
import { SeededRandom } from '../../../base/random';
import type { ConferenceView } from '../../../api/contract/conferences';
import type { Product } from '../../support/product';
import { until, untilTold } from '../patience';
import { membersOfRoom } from '../center';
import type { RoomRole } from '../center';
import type { Voices } from '../sound/voices';
import type { Starvation } from '../watch/starvation';
import { dial } from './caller';
import type { SoakCaller } from './caller';
import { Listening } from './listening';
import { checkRecordings } from './recording-check';
import type { Stretch } from './recording-check';
import { untilWrittenDown } from './written-down';
import { Story, textOf } from './story';
import type { Report } from './story';

/** What is said to a member takes the conference's place meanwhile. */
const SETTLE_MS = 20_000;
const STEP_TIMEOUT_MS = 15_000;
/** Between two acts. */
const MIN_DWELL_MS = 3_000;
const MORE_DWELL_MS = 12_000;
const MIN_ACTS = 4;
const MAX_ACTS = 12;

export interface RoomOptions {
  readonly room: number;
  readonly seed: number;
  readonly product: Product;
  readonly voices: Voices;
  readonly report: Report;
  readonly starvation: Starvation;
}

interface Member {
  readonly name: string;
  readonly role: RoomRole;
  readonly number: string;
  /** What its number begins with; who comes again is another caller. */
  readonly prefix: string;
  from: string;
  inside: SoakCaller | undefined;
  voice: 'open' | 'self-muted' | 'silenced';
}

interface Meeting {
  readonly story: Story;
  readonly members: readonly Member[];
  allMuted: boolean;
  readonly stretches: Stretch[];
}

type RoomAct = 'join' | 'leave' | 'mute-self' | 'unmute-self' | 'mute-all' | 'unmute-all' | 'give-floor' | 'silence';

export const voiceOfMember = (room: number, index: number): string => `member-${room}-${index}`;

export class Room {
  private readonly listening: Listening;
  private count = 0;

  constructor(private readonly options: RoomOptions) {
    this.listening = new Listening(options);
  }

  /** Conference after conference, until the time is over. */
  async run(isOver: () => boolean): Promise<void> {
    while (!isOver()) await this.one(isOver);
  }

  private async one(isOver: () => boolean): Promise<void> {
    const { room, seed, report } = this.options;
    const n = (this.count += 1);
    const random = new SeededRandom(seed * 1_000_033 + room * 1_013 + n);
    const story = new Story(`room ${room}, conference ${n}`);
    const members = membersOfRoom(room).map(({ role, number }, index): Member => ({
      ...{ name: voiceOfMember(room, index), role, number, inside: undefined, voice: 'open' },
      prefix: `+4972${String(room).padStart(2, '0')}${index}${String(n).padStart(4, '0')}`,
      from: '',
    }));
    const meeting: Meeting = { story, members, allMuted: false, stretches: [] };
    try {
      for (const member of members.slice(0, 3)) await this.join(meeting, member);
      await this.listen(meeting, 1_000);
      const acts = MIN_ACTS + random.int(MAX_ACTS - MIN_ACTS + 1);
      for (let done = 0; done < acts && !isOver(); done += 1) await this.act(meeting, random);
      await this.end(meeting, random);
    } catch (error) {
      report.violated(story, textOf(error));
    }
    for (const { inside } of members) await inside?.call.hangup();
    await this.untilEmpty(story);
  }

  private async act(meeting: Meeting, random: SeededRandom): Promise<void> {
    const possible = possibleIn(meeting);
    const { act, member } = random.pick(possible);
    const dwellMs = MIN_DWELL_MS + random.int(MORE_DWELL_MS);
    meeting.story.tell(`${act} ${member?.name ?? ''}`);
    this.options.report.acted(`room: ${act}`);
    if (member && act === 'join') await this.join(meeting, member);
    else if (member && act === 'leave') await this.leave(member, random.int(2) === 0);
    else if (member) await this.changeVoice(member, act);
    else await this.muteAll(meeting, act === 'mute-all');
    if (!meeting.members.some(({ inside }) => inside)) return;
    await this.listen(meeting, dwellMs);
  }

  private async join(meeting: Meeting, member: Member): Promise<void> {
    const { product, voices, report } = this.options;
    const { number, name, role } = member;
    member.from = `${member.prefix}${meeting.stretches.length}`;
    const { from } = member;
    report.calls += 1;
    member.inside = await dial({ number, from, port: product.ports.sip, toneHz: voices.of(name) });
    const isSilenced = role === 'listener' || (role === 'participant' && meeting.allMuted);
    member.voice = isSilenced ? 'silenced' : 'open';
    await this.untilRoom('the new member', ({ members }) =>
      members.some((one) => one.stage === 'inside' && one.number === from),
    );
  }

  private async leave(member: Member, byKey: boolean): Promise<void> {
    const { inside } = member;
    if (!inside) return;
    if (byKey) {
      await inside.call.press('*9');
      await until(
        'the flow to hang up',
        () => inside.call.events.some(({ type }) => type === 'ended'),
        STEP_TIMEOUT_MS,
      );
    } else await inside.call.hangup();
    member.inside = undefined;
  }

  private async changeVoice(member: Member, act: RoomAct): Promise<void> {
    const voice = act === 'mute-self' ? 'self-muted' : act === 'silence' ? 'silenced' : 'open';
    if (act === 'mute-self' || act === 'unmute-self') await member.inside?.call.press('*6');
    else await this.direct(act === 'silence' ? 'mute' : 'unmute', await this.idOf(member));
    member.voice = voice;
    await this.untilRoom(`${member.name} to be ${voice}`, ({ members }) =>
      members.some((one) => one.number === member.from && one.voice === voice),
    );
  }

  private async muteAll(meeting: Meeting, isMuted: boolean): Promise<void> {
    await this.direct(isMuted ? 'mute-all' : 'unmute-all');
    meeting.allMuted = isMuted;
    for (const member of meeting.members) {
      if (isMuted && member.role !== 'moderator') member.voice = 'silenced';
      if (!isMuted && member.role === 'participant' && member.voice === 'silenced') member.voice = 'open';
    }
  }

  private async listen({ story, members, stretches }: Meeting, forMs: number): Promise<void> {
    const inside = members.filter((member) => member.inside);
    const speakers = inside.filter(({ voice }) => voice === 'open').map(({ name }) => name);
    const expected = inside.flatMap(({ name, inside: caller }) =>
      caller ? [{ name, ear: caller.ear, voices: speakers.filter((other) => other !== name) }] : [],
    );
    await this.listening.untilRight(expected, SETTLE_MS);
    story.tell(`inside: ${inside.map(({ name, voice }) => `${name} ${voice}`).join(', ')}`);
    const fromMs = Date.now();
    await this.listening.staysRight(expected, forMs);
    stretches.push({ fromMs, toMs: Date.now(), channels: [speakers, speakers] });
  }

  private async end(meeting: Meeting, random: SeededRandom): Promise<void> {
    const there = meeting.members.filter(({ inside }) => inside);
    const [longest] = there;
    if (!longest) return;
    if (random.int(2) === 0) {
      meeting.story.tell('the conference is ended');
      await this.direct('end');
      for (const { inside } of there) await inside?.call.ended;
    } else for (const { inside } of there) await inside?.call.hangup();
    await this.checkHistory(meeting, longest);
  }

  /** Of who is there at the end: the whole conference's recordings are linked in it. */
  private async checkHistory({ stretches }: Meeting, member: Member): Promise<void> {
    const { product, voices, report, starvation } = this.options;
    const number = member.from;
    const interaction = await untilWrittenDown(product, { number }, STEP_TIMEOUT_MS);
    const { result } = interaction.outcome ?? {};
    if (result !== 'answered') throw new Error(`the outcome of ${number} is ${JSON.stringify(interaction.outcome)}`);
    const spans = interaction.recordings.map(({ startedAtMs, durationMs }) => ({
      fromMs: startedAtMs,
      toMs: startedAtMs + durationMs,
    }));
    if (spans.length === 0) throw new Error(`the conference was not recorded for ${number}`);
    const checked = await checkRecordings({ product, voices, starvation, interaction, spans, stretches });
    report.recordings += spans.length;
    report.recordedMs += checked.recordedMs;
    if (checked.faults.length > 0) throw new Error(checked.faults.join('; '));
  }

  private view(): Promise<ConferenceView> {
    return this.options.product.admin('GET', `/conferences/room-${this.options.room}`);
  }

  private async idOf(member: Member): Promise<string> {
    const { members } = await this.view();
    return members.find((one) => one.number === member.from)?.memberId ?? '';
  }

  private direct(order: string, memberId?: string): Promise<unknown> {
    const body = memberId === undefined ? { do: order } : { do: order, memberId };
    return this.options.product.admin('POST', `/conferences/room-${this.options.room}/actions`, body);
  }

  private untilRoom(what: string, is: (view: ConferenceView) => boolean): Promise<unknown> {
    return untilTold(what, async () => is(await this.view()), STEP_TIMEOUT_MS);
  }

  private async untilEmpty(story: Story): Promise<void> {
    const isEmpty = ({ state, recording }: ConferenceView): boolean => state === 'empty' && !recording;
    await this.untilRoom('the empty room', isEmpty).catch((error: unknown) =>
      this.options.report.violated(story, `after the end: ${textOf(error)}`),
    );
  }
}

const possibleIn = ({ members, allMuted }: Meeting): { act: RoomAct; member?: Member }[] => {
  const inside = members.filter((member) => member.inside);
  const of = (act: RoomAct, those: readonly Member[]) => those.map((member) => ({ act, member }));
  return [
    ...of(
      'join',
      members.filter((member) => !member.inside),
    ),
    ...(inside.length > 1 ? of('leave', inside) : []),
    ...of(
      'mute-self',
      inside.filter(({ voice }) => voice === 'open'),
    ),
    ...of(
      'unmute-self',
      inside.filter(({ voice }) => voice === 'self-muted'),
    ),
    ...of(
      'give-floor',
      inside.filter(({ voice }) => voice === 'silenced'),
    ),
    ...of(
      'silence',
      inside.filter(({ role, voice }) => voice === 'open' && role !== 'moderator'),
    ),
    { act: allMuted ? 'unmute-all' : 'mute-all' },
  ];
};
