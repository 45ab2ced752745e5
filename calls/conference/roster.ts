/** Who was in one conference and when, so that each member's history can say with whom the member was. */
import type { CallId } from '../../base/ids';
import type { ConferenceStay } from '../../store/interaction';
import type { InsideMember } from './model';

/** In one member's history. */
const MAX_OTHERS = 100;
/** Of one conference; who comes after that is in nobody else's history. */
const MAX_ENTRIES = 2_000;

interface Entry {
  readonly member: InsideMember;
  readonly joinedAtMs: number;
  leftAtMs?: number;
}

export class Roster {
  private readonly entries: Entry[] = [];

  join(member: InsideMember, joinedAtMs: number): void {
    if (this.entries.length < MAX_ENTRIES) this.entries.push({ member, joinedAtMs });
  }

  part(memberId: CallId, leftAtMs: number): void {
    const entry = this.entries.findLast(({ member }) => member.memberId === memberId);
    if (entry) entry.leftAtMs ??= leftAtMs;
  }

  /** Who else was there at some time since then; those who spoke by their role come first. */
  othersOf(memberId: CallId, sinceMs: number): ConferenceStay['others'] {
    const others = this.entries.filter(
      ({ member, leftAtMs }) => member.memberId !== memberId && (leftAtMs ?? Infinity) >= sinceMs,
    );
    const spoke = others.filter(({ member }) => member.role !== 'listener');
    const listened = others.filter(({ member }) => member.role === 'listener');
    return [...spoke, ...listened].slice(0, MAX_OTHERS).map(({ member: { number, displayName, role } }) => ({
      number,
      ...(displayName !== undefined && { name: displayName }),
      role,
    }));
  }
}
