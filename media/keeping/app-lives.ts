/** Which starts of which apps have been here, and which of them have nothing to say any more. */
import type { AppLife } from './terms';

/** Whoever has been forgotten after so many is not coming back. */
const MAX_LIVES = 1000;

export class AppLives {
  /** In the order of their first visit; true once a later one has claimed what was theirs. */
  private readonly lives = new Map<string, { readonly app: AppLife; superseded: boolean }>();

  /** False for one in whose place another one has come. */
  admit(app: AppLife): boolean {
    const key = keyOf(app);
    const known = this.lives.get(key);
    if (known) return !known.superseded;
    const [oldest] = this.lives.keys();
    if (this.lives.size >= MAX_LIVES && oldest !== undefined) this.lives.delete(oldest);
    this.lives.set(key, { app, superseded: false });
    return true;
  }

  /** The newer claim wins: no other life of the app is admitted any more. */
  claimedBy({ id, life }: AppLife): void {
    for (const known of this.lives.values())
      if (known.app.id === id && known.app.life !== life) known.superseded = true;
  }
}

const keyOf = ({ id, life }: AppLife): string => JSON.stringify([id, life]);
