/** The 20 ms beat of all telephones of the soak: one timer, and a quarter of them at a time. */

const FRAME_MS = 20;
const STEP_MS = FRAME_MS / 4;
/** After a longer stall what was missed is skipped, as by any telephone, instead of sent in one burst. */
const MOST_AT_ONCE = 5;

interface Member {
  readonly fromMs: number;
  readonly speak: (frame: number) => void;
  next: number;
}

export class Beat {
  private readonly members = new Set<Member>();
  private joined = 0;
  private timer: NodeJS.Timeout | undefined;

  /** Calls `speak` with the number of each frame as it is due, from 0; returns the function that ends this. */
  join(speak: (frame: number) => void): () => void {
    const offsetMs = (this.joined++ * STEP_MS) % FRAME_MS;
    const member = { fromMs: Math.ceil(performance.now() / FRAME_MS) * FRAME_MS + offsetMs, speak, next: 0 };
    this.members.add(member);
    this.timer ??= setInterval(() => this.tick(), STEP_MS);
    return () => this.leave(member);
  }

  private leave(member: Member): void {
    this.members.delete(member);
    if (this.members.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private tick(): void {
    const nowMs = performance.now();
    for (const member of this.members) {
      const due = Math.floor((nowMs - member.fromMs) / FRAME_MS) + 1;
      member.next = Math.max(member.next, due - MOST_AT_ONCE);
      while (member.next < due) member.speak(member.next++);
    }
  }
}
