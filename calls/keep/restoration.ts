/**
 * Calls outlive the app. At the start of the next one they are rebuilt from their records before the ACD hears of
 * anything, so that whatever it wants of them finds them; all that waits in their queues until media and the SIP server
 * have given back what they have kept.
 *
 * ```
 * records ─rebuild─► calls that wait ─media and dialogs are there─► they go on │ end as interrupted
 * ```
 */
import type { AcdEvent } from '../../acd/core/model';
import type { ContactId, InteractionId, MixId, RecordingId } from '../../base/ids';
import { settleResumed } from '../settle-resumed';
import type { Call } from '../call';
import { contactAttributes } from '../contact-attributes';
import type { CallContext } from '../context';
import { legsOf } from '../legs';
import type { AgentId } from '../../base/ids';
import type { Supervisor } from '../supervisor';
import { bringBackWhen } from './bring-back';
import type { Return } from './take-legs';
import type { CallKeeper } from './call-keeper';
import type { CallRecord, ResumedPhase } from './call-record';
import type { MediaEstate } from './estate';
import { rebuildCall } from './rebuild-call';
import type { KeptCall } from './rebuild-call';
import { isInWrapUp, settleContact } from './settle-contact';

export class Restoration {
  private readonly waiting: Promise<void>[] = [];
  private readonly taken = new Set<InteractionId>();
  private readonly rebuilt: { readonly call: Call; readonly record: CallRecord }[] = [];
  private open: (media: Return['media']) => void = () => undefined;
  private readonly opened = new Promise<Return['media']>((resolve) => (this.open = resolve));

  constructor(
    private readonly ctx: CallContext,
    private readonly keeper: Pick<CallKeeper, 'knows' | 'drop'>,
  ) {}

  /** Those whose history goes on; known after {@link rebuild}. */
  get interactionIds(): ReadonlySet<InteractionId> {
    return this.taken;
  }

  /**
   * Builds what can go on, and tells the ACD of it and of what is no more.
   * @param stay agents whose sessions live on.
   */
  rebuild(found: readonly KeptCall[], stay: ReadonlySet<AgentId> | undefined): void {
    const { ctx } = this;
    const { state } = ctx.acd;
    const settled = found.map((kept) => ({ kept, ...settleContact(state, kept.record) }));
    const going = settled.flatMap(({ kept, phase, events }) => (phase ? [{ kept, phase, events }] : []));
    for (const { kept, phase } of settled) if (!phase) this.keeper.drop(kept.record.identity.callId);
    const kept = new Set(going.flatMap((one) => contactsOf(one.kept.record)));
    const calls = going.map(({ kept: of, phase, events }) => ({ call: this.add(of, phase), of: of.record, events }));
    for (const event of settleResumed(state, { stay, kept })) ctx.acd.dispatch(event);
    for (const { call, of, events } of calls)
      for (const event of [...events, ...this.eventsOfOthers(of)]) this.tellAcd(call, event);
    for (const { call, record } of this.rebuilt)
      this.waiting.push(
        bringBackWhen(
          ctx,
          call,
          this.opened.then((media) => ({ media, record })),
        ),
      );
  }

  /** Resolves when every call has gone on or has ended, and nothing is left of those that are no more. */
  async goOn(estate: MediaEstate): Promise<void> {
    const { ctx } = this;
    this.open(await estate.inherited());
    await Promise.all(this.waiting);
    ctx.signaling.adoptionDone();
    await ctx.conferences.settled();
    await estate.closeRest(inUse(ctx.calls.values(), ctx.conferences.media));
    if (this.rebuilt.length > 0)
      ctx.log.info({ calls: this.rebuilt.length }, 'calls of before the restart have been taken up');
  }

  /** Who is to wait anew, since the ACD has lost the contact, is to wait as what the flow has said. */
  private tellAcd(call: Call, event: AcdEvent): void {
    const { acd, log } = this.ctx;
    const isNew = event.type === 'contact-arrived';
    const done = acd.dispatch(isNew ? { ...event, attributes: contactAttributes(call) } : event);
    if (!done.ok) log.warn({ event: event.type, fault: done.fault }, 'the ACD does not know a call that goes on');
  }

  private add(kept: KeptCall, phase: ResumedPhase): Call {
    const { ctx } = this;
    const { record, interaction } = kept;
    const call = rebuildCall(ctx, kept, phase);
    this.taken.add(interaction._id);
    this.rebuilt.push({ call, record });
    this.keeper.knows(call);
    call.log.resumed(new Set(record.supervisors.map(({ supervisionId }) => supervisionId)));
    for (const agentId of record.wrapUpsOf)
      if (isInWrapUp(ctx.acd.state, record, agentId)) ctx.wrapUps.set(agentId, call);
    if (call.phase.kind === 'ended') return call;
    ctx.calls.set(call.callId, call);
    if (call.contactId !== (call.callId as string)) ctx.callsByContact.set(call.contactId, call.callId);
    for (const third of [...call.guests, ...(call.third ? [call.third] : [])])
      if (third.contactId !== undefined) ctx.callsByContact.set(third.contactId, call.callId);
    for (const supervisor of call.supervisors) followOn(ctx, supervisor);
    for (const { endpointId } of legsOf(call)) ctx.callsByEndpoint.set(endpointId, call.callId);
    return call;
  }

  /** The other agent of a call between agents is busy, too, and so is who is consulted, has joined or supervises. */
  private eventsOfOthers(record: CallRecord): AcdEvent[] {
    return othersOf(record).flatMap(({ agentId, contactId }): AcdEvent[] =>
      this.ctx.acd.state.contacts.has(contactId) ? [] : [{ type: 'contact-begun', agentId, contactId }],
    );
  }
}

const othersOf = (record: CallRecord): { agentId: AgentId; contactId: ContactId }[] => {
  const { colleague } = record.plain;
  const thirds = [...record.guests, ...(record.third ? [record.third] : [])];
  return [
    ...(colleague ? [colleague] : []),
    ...thirds.flatMap(({ agentLeg, contactId }) =>
      agentLeg && contactId ? [{ agentId: agentLeg.agentId, contactId }] : [],
    ),
    ...record.supervisors.flatMap(({ seat }) => seat ?? []),
  ];
};

/** Who follows an agent from call to call goes on with that, too. */
const followOn = ({ watches }: CallContext, { supervisionId, identity, device, mode, follows }: Supervisor): void => {
  if (follows) watches.set(supervisionId, { supervisionId, identity, device, agentId: follows, mode });
};

const contactsOf = (record: CallRecord): ContactId[] => [
  ...(record.plain.contactId === undefined ? [] : [record.plain.contactId]),
  ...othersOf(record).map(({ contactId }) => contactId),
];

/** What calls have open, those that have begun since included. */
const inUse = (
  calls: Iterable<Call>,
  rooms: CallContext['conferences']['media'],
): Parameters<MediaEstate['closeRest']>[0] => {
  const all = [...calls];
  return {
    endpoints: new Set(all.flatMap((call) => legsOf(call).map(({ endpointId }) => endpointId))),
    recordings: new Set([
      ...rooms.recordings,
      ...all.flatMap(({ recording }): RecordingId[] => (recording ? [recording.recordingId] : [])),
    ]),
    mixes: new Set([
      ...rooms.mixes,
      ...all.flatMap(({ joint: { made } }): MixId[] => (made.kind === 'mix' ? [made.mixId] : [])),
    ]),
  };
};
