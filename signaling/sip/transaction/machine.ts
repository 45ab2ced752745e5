/** How the four state machines are written down and run: a table of arcs, and a runner that refuses all other moves. */
import { InvariantError } from '../../../base/errors';
import type { Logger } from '../../../base/log';

/** Where an input leads and what it makes the transaction do, in order. */
export interface Arc<State, Action> {
  readonly to: State;
  readonly actions: readonly Action[];
}

export type ArcTable<State extends string, Input extends string, Action> = {
  readonly [From in State]: { readonly [On in Input]?: Arc<State, Action> };
};

export interface MachineOptions<State extends string, Input extends string, Action extends string> {
  /** Named in logs and errors. */
  readonly name: string;
  readonly table: ArcTable<State, Input, Action>;
  readonly initial: State;
  readonly log: Logger;
  readonly perform: (action: Action) => void;
}

/** Holds a state; only {@link Machine.feed} changes it. */
export class Machine<State extends string, Input extends string, Action extends string> {
  private current: State;

  constructor(private readonly options: MachineOptions<State, Input, Action>) {
    this.current = options.initial;
  }

  get state(): State {
    return this.current;
  }

  /** Takes the arc for the input, then performs its actions. Throws an `InvariantError` when the table has none. */
  feed(input: Input): void {
    const { name, table, log, perform } = this.options;
    const from = this.current;
    const arc = table[from][input];
    if (!arc) throw new InvariantError(`${name}: no arc from '${from}' on '${input}'`);
    this.current = arc.to;
    if (log.isLevelEnabled('trace')) log.trace({ machine: name, from, input, to: arc.to }, 'transaction step');
    for (const action of arc.actions) perform(action);
  }
}
