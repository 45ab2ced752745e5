/** A conference's recording is begun, ended, paused and masked, as far as its policy lets who asks; part of `step.ts`. */
import { fail, ok } from '../../base/result';
import type { RecordingActor } from '../../store/interaction';
import type { RecordingRight } from '../../store/recording-policies';
import { inside } from './members';
import type { Change, Moment, Step } from './members';
import type { Actor, ConferenceEffect, ConferenceEvent, Meeting, RecordingAction, RoomSilence } from './model';
import { confirmed, tellAll } from './tell';

type Order = Omit<Extract<ConferenceEvent, { type: 'act' }>, 'type' | 'action'> & { readonly action: RecordingAction };

const RIGHTS: Readonly<Record<RecordingAction['do'], RecordingRight>> = {
  'start-recording': 'start',
  'stop-recording': 'stop',
  'pause-recording': 'pause',
  'resume-recording': 'pause',
  'mask-recording': 'mask',
  'unmask-recording': 'mask',
};

/** What the engine takes as the length of a mask. */
const LONGEST_SILENCE_MS = 3_600_000;

export const actOnRecording = (moment: Moment, state: Meeting, { by, staffId, action }: Order): Step => {
  const { isAllowed, moderatorsMay, staffMay, resumeAfterMs } = moment.rules.recording;
  const right = RIGHTS[action.do];
  if (!(by === 'staff' ? staffMay : moderatorsMay).includes(right))
    return fail(
      'forbidden',
      `The recording policy of this room does not let you ${right} its recording; an administrator can change that.`,
    );
  const whose = actorOf(state, by, staffId);
  switch (action.do) {
    case 'start-recording':
      if (!isAllowed) return fail('forbidden', 'The recording policy of this room says that it is never recorded.');
      return ok(setRecording(state, true, whose));
    case 'stop-recording':
      return ok(setRecording(state, false, whose));
    case 'pause-recording':
    case 'mask-recording': {
      const kind = action.do === 'mask-recording' ? 'masked' : 'paused';
      if (kind === 'paused' && !state.recording) return fail('conflict', 'This conference is not being recorded.');
      const forMs = Math.min(action.maxMs ?? resumeAfterMs, LONGEST_SILENCE_MS);
      return ok(setSilence(state, { kind, untilMs: moment.nowMs + forMs }, { by, whose }));
    }
    case 'resume-recording':
    case 'unmask-recording':
      if (state.silence?.kind !== (action.do === 'unmask-recording' ? 'masked' : 'paused'))
        return fail('conflict', action.do === 'unmask-recording' ? 'Nothing is masked.' : 'Nothing is paused.');
      return ok(setSilence(state, undefined, { by, whose }));
  }
};

/** Everybody is told, listeners too: they may be given the floor. A mask outlives the recording, a pause does not. */
export const setRecording = (state: Meeting, recording: boolean, by: RecordingActor): Change => {
  if (state.recording === recording) return [state, []];
  const said = recording ? 'conference-recorded' : 'conference-not-recorded';
  const begun: ConferenceEffect = { type: recording ? 'start-recording' : 'stop-recording', by };
  const silence = !recording && state.silence?.kind === 'paused' ? undefined : state.silence;
  const unpaused: ConferenceEffect[] = silence === state.silence ? [] : [{ type: 'silence', silence, by }];
  return [{ ...state, recording, silence }, [...unpaused, begun, ...tellAll(inside(state), said)]];
};

/** The time of a pause or a mask may be over; asked for again meanwhile, it lasts longer. */
export const silenceDue = (state: Meeting, nowMs: number): Change =>
  state.silence && state.silence.untilMs <= nowMs
    ? [{ ...state, silence: undefined }, [{ type: 'silence', silence: undefined, by: { kind: 'time' } }]]
    : [state, []];

const setSilence = (
  state: Meeting,
  silence: RoomSilence | undefined,
  { by, whose }: { readonly by: Actor; readonly whose: RecordingActor },
): Change => [
  { ...state, silence },
  [
    { type: 'silence', silence, by: whose },
    ...confirmed(by, silence ? 'conference-recording-silent' : 'conference-recording-goes-on'),
  ],
];

const actorOf = (state: Meeting, by: Actor, staffId = ''): RecordingActor =>
  by === 'staff' ? { kind: 'supervisor', id: staffId } : { kind: 'moderator', id: state.members.get(by)?.number ?? '' };
