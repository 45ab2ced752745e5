/** Objects and tables that tell when they change, so that what is kept of them elsewhere is never forgotten. */

/** The object itself, but that each assignment is told. */
export const watched = <Target extends object>(target: Target, onChanged: () => void): Target =>
  new Proxy(target, {
    set: (object, key, value) => {
      const done = Reflect.set(object, key, value);
      onChanged();
      return done;
    },
    deleteProperty: (object, key) => {
      const done = Reflect.deleteProperty(object, key);
      onChanged();
      return done;
    },
  });

export class WatchedMap<Key, Value> extends Map<Key, Value> {
  constructor(private readonly onChanged: (key: Key) => void) {
    super();
  }

  override set(key: Key, value: Value): this {
    super.set(key, value);
    this.onChanged(key);
    return this;
  }

  override delete(key: Key): boolean {
    const was = super.delete(key);
    if (was) this.onChanged(key);
    return was;
  }

  override clear(): void {
    const keys = [...this.keys()];
    super.clear();
    for (const key of keys) this.onChanged(key);
  }
}
