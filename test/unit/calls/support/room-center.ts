/** A center with one conference room, to which anybody may be let in. */
import type { CallId, EndpointId } from '../../../../base/ids';
import type { CenterDeps } from '../../../../calls/center';
import type { ConferenceAction } from '../../../../calls/conference/model';
import type { ConferenceView } from '../../../../calls/conference/view';
import type { FlowDocument } from '../../../../flows/document';
import type { Result } from '../../../../base/result';
import type { ConferenceRole, ConferenceRoom } from '../../../../store/conference-rooms';
import type { InviteDouble } from './port-doubles';
import { SmallCenter } from './small-center';

export const ROOM: ConferenceRoom = {
  ...{ _id: 'board', name: 'Board', numbers: ['4500'], withoutPin: 'refused', maxMembers: 50, tones: false },
  ...{ moderatorPin: '1111', participantPin: '2222', listenerPin: '3333' },
  ...{ waitForModerator: false, endWithModerator: false, music: 'default', record: false, locked: false },
};

const PINS: Readonly<Record<ConferenceRole, string>> = { moderator: '1111', participant: '2222', listener: '3333' };

type RoomDeps = Pick<CenterDeps, 'routing' | 'fraud' | 'permission' | 'codecs'> & { readonly flow?: FlowDocument };

export class RoomCenter extends SmallCenter {
  constructor(room: Partial<ConferenceRoom> = {}, deps: RoomDeps = {}) {
    super({ ...deps, rooms: [{ ...ROOM, ...room }] });
  }

  get conference(): ConferenceView {
    const view = this.center.conferences.get('board');
    if (!view) throw new Error('there is no room');
    return view;
  }

  /** Such as `alice moderator inside`. */
  get members(): string[] {
    return this.conference.members.map(({ number, role, stage }) => `${number} ${role} ${stage}`);
  }

  /** What each member may say, by number. */
  get voices(): Record<string, string | undefined> {
    return Object.fromEntries(this.conference.members.map(({ number, voice }) => [number, voice]));
  }

  direct(action: ConferenceAction, staffId?: string): Result<void> {
    return this.center.conferences.act('board', action, staffId);
  }

  memberId(number: string): CallId {
    const member = this.conference.members.find((one) => one.number === number);
    if (!member) throw new Error(`${number} is not there`);
    return member.memberId;
  }

  /** Somebody dials the room, and is asked for the PIN. */
  async dials(from: string): Promise<InviteDouble> {
    const invite = this.signaling.arrive(from, { to: { number: '4500' } });
    await this.pass();
    return invite;
  }

  async comes(from: string, role: ConferenceRole = 'participant'): Promise<InviteDouble> {
    const invite = await this.dials(from);
    await this.press(invite, `${PINS[role]}#`);
    return invite;
  }

  async press(invite: InviteDouble, keys: string): Promise<void> {
    const endpointId = this.endpointOf(invite);
    for (const digit of keys) {
      this.media.emit({ type: 'digit', endpointId, digit, durationMs: 100, form: 'rfc4733' });
      await this.pass(200);
    }
    await this.pass();
  }

  endpointOf({ answeredWith }: InviteDouble): EndpointId {
    const found = [...this.media.endpoints.keys()].find((endpointId) => answeredWith === `sdp of ${endpointId}`);
    if (!found) throw new Error('the call was not answered');
    return found;
  }

  /** The prompts that somebody is told at the moment. */
  told(invite: InviteDouble): string[] {
    const endpointId = this.endpointOf(invite);
    const play = [...this.media.plays.values()].findLast((one) => one.endpointId === endpointId);
    return (play?.sources ?? []).flatMap((source) =>
      source.kind === 'prompt' && source.language === 'en' ? [source.name] : source.kind === 'music' ? ['(music)'] : [],
    );
  }

  /** What is said to anybody has been said. */
  async allSaid(): Promise<void> {
    for (const [playId, { loop }] of [...this.media.plays]) if (loop !== true) this.media.endPlay(playId, 'finished');
    await this.pass();
  }
}
