/** Work on one call or one agent is serialised: tasks with the same key never interleave across an `await`. */
export class KeyedSerialQueue<Key> {
  private readonly tails = new Map<Key, Promise<unknown>>();

  /** Runs `task` after every earlier task of the same key, whether those succeeded or not. */
  run<Value>(key: Key, task: () => Promise<Value> | Value): Promise<Value> {
    const previous = this.tails.get(key) ?? Promise.resolve();
    const current = previous.then(task, task);
    const release = (): void => this.release(key, tail);
    const tail: Promise<void> = current.then(release, release);
    this.tails.set(key, tail);
    return current;
  }

  /** Number of keys with work that has not ended. */
  get activeKeys(): number {
    return this.tails.size;
  }

  private release(key: Key, tail: Promise<unknown>): void {
    if (this.tails.get(key) === tail) this.tails.delete(key);
  }
}
