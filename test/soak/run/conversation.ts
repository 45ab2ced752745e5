/** Conversations of one caller with two agents, one after the other: random acts, each checked by everybody's ears. */
import { SeededRandom } from '../../../base/random';
import type { Product } from '../../support/product';
import { pause } from '../../support/wait';
import {
  after,
  BEGINNING,
  hearing,
  otherThan,
  possibleActs,
  possibleEnds,
  recorded,
} from '../model/conversation-model';
import type { Act, Conversation, EndingAct, Role } from '../model/conversation-model';
import type { Seat } from '../seat/seat';
import type { Ear } from '../sound/ear';
import type { Voices } from '../sound/voices';
import type { Starvation } from '../watch/starvation';
import { until } from '../patience';
import { dial } from './caller';
import type { SoakCaller } from './caller';
import { Listening } from './listening';
import { perform } from './perform';
import { checkRecordings } from './recording-check';
import type { Stretch } from './recording-check';
import { untilWrittenDown } from './written-down';
import { Story, textOf } from './story';
import type { Report } from './story';

/** A busy machine answers late; what is wrong for longer is wrong. */
const SETTLE_MS = 8_000;
/** Between two acts: people talk. */
const MIN_DWELL_MS = 3_000;
const MORE_DWELL_MS = 12_000;
const MIN_ACTS = 2;
const MAX_ACTS = 8;
const HISTORY_TIMEOUT_MS = 10_000;

export interface ConversationOptions {
  readonly index: number;
  readonly seed: number;
  readonly product: Product;
  readonly voices: Voices;
  readonly report: Report;
  readonly starvation: Starvation;
  /** The number that leads to the first agent's queue. */
  readonly number: string;
  readonly seats: { readonly a: Seat; readonly b: Seat; readonly supervisor?: Seat };
}

/** One call while it runs. */
interface Running {
  readonly story: Story;
  readonly interactionId: string;
  readonly caller: SoakCaller;
  state: Conversation;
  readonly stretches: Stretch[];
  readonly spans: { fromMs: number; toMs: number }[];
}

export const voiceOf = (index: number, role: Role): string => (role === 'music' ? role : `${role}-${index}`);

export class Conversations {
  private readonly listening: Listening;
  private count = 0;

  constructor(private readonly options: ConversationOptions) {
    this.listening = new Listening(options);
  }

  /** Call after call, until the time is over; the last one ends in its own way. */
  async run(isOver: () => boolean): Promise<void> {
    while (!isOver()) await this.one(isOver);
  }

  /** Never rejects: what goes wrong is in the report. */
  private async one(isOver: () => boolean): Promise<void> {
    const { index, seed, report } = this.options;
    const n = (this.count += 1);
    const random = new SeededRandom(seed * 1_000_003 + index * 1_009 + n);
    const story = new Story(`conversation ${index}, call ${n}`);
    report.calls += 1;
    let running: Running | undefined;
    try {
      running = await this.begin(story, n);
      const acts = MIN_ACTS + random.int(MAX_ACTS - MIN_ACTS + 1);
      for (let done = 0; done < acts && !isOver(); done += 1) await this.act(running, random);
      await this.end(running, random.pick(possibleEnds(running.state)));
    } catch (error) {
      report.violated(story, textOf(error));
      await running?.caller.call.hangup();
    }
    await this.tidyUp(story);
  }

  private async begin(story: Story, n: number): Promise<Running> {
    const { index, number, product, voices, seats } = this.options;
    const from = `+4971${String(index).padStart(3, '0')}${String(n).padStart(4, '0')}`;
    await seats.a.beReady();
    story.tell(`${from} dials ${number}`);
    const toneHz = voices.of(voiceOf(index, 'caller'));
    const caller = await dial({ number, from, port: product.ports.sip, toneHz });
    const interactionId = await this.untilConnected().catch(async (error: unknown) => {
      await caller.call.hangup();
      throw error;
    });
    const spans = [{ fromMs: Date.now(), toMs: Infinity }];
    const running: Running = { story, interactionId, caller, state: BEGINNING, stretches: [], spans };
    await this.listen(running, 1_000);
    return running;
  }

  /** By the one who has the caller first. @returns the call's id in the history. */
  private async untilConnected(): Promise<string> {
    const { a } = this.options.seats;
    await a.untilTalking();
    const isThere = (): string | undefined => (a.call?.state === 'connected' ? a.call.interactionId : undefined);
    return until('the call at the desk', isThere, SETTLE_MS);
  }

  private async act(running: Running, random: SeededRandom): Promise<void> {
    const { seats, report } = this.options;
    const act = random.pick(possibleActs(running.state, seats.supervisor !== undefined)) as Exclude<Act, EndingAct>;
    const dwellMs = MIN_DWELL_MS + random.int(MORE_DWELL_MS);
    running.story.tell(act);
    const before = running.state;
    if (act === 'stop-recording') endSpan(running);
    await perform(act, before, seats);
    if (act === 'start-recording') running.spans.push({ fromMs: Date.now(), toMs: Infinity });
    running.state = after(before, act);
    report.acted(act);
    await this.listen(running, dwellMs);
    // Who has left the call is free for the next one.
    const other = otherThan(running.state.owner);
    if (running.state.third === 'none' && before.third + before.owner !== running.state.third + running.state.owner)
      await seats[other].beReady();
  }

  /** Until everybody hears whom they should, and then for a while. */
  private async listen(running: Running, forMs: number): Promise<void> {
    const { index } = this.options;
    const expected = [...hearing(running.state)].map(([role, voices]) => ({
      name: voiceOf(index, role),
      ear: this.earOf(running, role),
      voices: voices.map((voice) => voiceOf(index, voice)),
    }));
    await this.listening.untilRight(expected, SETTLE_MS);
    running.story.tell('everybody hears whom they should');
    const fromMs = Date.now();
    await this.listening.staysRight(expected, forMs);
    const said = recorded(running.state);
    if (!said) return;
    const [first, second] = said.map((roles) => roles.map((role) => voiceOf(index, role)));
    running.stretches.push({ fromMs, toMs: Date.now(), channels: [first ?? [], second ?? []] });
  }

  private earOf({ caller }: Running, role: Role): Ear {
    const { seats } = this.options;
    if (role === 'caller') return caller.ear;
    const seat = role === 'music' ? undefined : seats[role];
    if (!seat) throw new Error(`${role} has no ears`);
    return seat.ear;
  }

  private async end(running: Running, how: EndingAct): Promise<void> {
    const { caller, state, story } = running;
    const owner = this.options.seats[state.owner];
    story.tell(how);
    this.options.report.acted(how);
    endSpan(running);
    if (how === 'caller-hangs-up') await caller.call.hangup();
    else if (how === 'agent-says-bye') await owner.hangUp();
    else await owner.order({ command: 'hang-up', callId: owner.callId ?? '' });
    await until('the end of the call', () => caller.call.events.some(({ type }) => type === 'ended'), SETTLE_MS);
    await this.checkHistory(running, how === 'caller-hangs-up' ? 'caller' : 'agent');
  }

  private async checkHistory(running: Running, party: 'caller' | 'agent'): Promise<void> {
    const { product, voices, report, starvation } = this.options;
    const { interactionId, spans, stretches } = running;
    const interaction = await untilWrittenDown(product, { interactionId }, HISTORY_TIMEOUT_MS);
    const { result, reason, party: who } = interaction.outcome ?? {};
    if (result !== 'answered' || reason !== 'hung-up' || who !== party)
      throw new Error(`its outcome is ${result}, ${reason}, ${who} instead of answered, hung-up, ${party}`);
    const checked = await checkRecordings({ product, voices, starvation, interaction, spans, stretches });
    report.recordings += spans.length;
    report.recordedMs += checked.recordedMs;
    if (checked.faults.length > 0) throw new Error(checked.faults.join('; '));
  }

  /** Everybody is free again, whatever has happened. */
  private async tidyUp(story: Story): Promise<void> {
    const { seats, report } = this.options;
    const everybody = [seats.a, seats.b, ...(seats.supervisor ? [seats.supervisor] : [])];
    for (const seat of everybody) {
      try {
        await seat.beReady();
      } catch (error) {
        report.violated(story, `after the end: ${textOf(error)}`);
        await seat.hangUp().catch(() => undefined);
        await pause(1_000);
      }
    }
  }
}

const endSpan = ({ spans }: Running): void => {
  const last = spans.at(-1);
  if (last && last.toMs === Infinity) last.toMs = Date.now();
};
