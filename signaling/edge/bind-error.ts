/** Makes the system's refusal of a port an error that names the port and the cure. */
import { messageOf, SwitchroomError } from '../../base/errors';
import { hostOf } from './transport/address';

export interface WantedPort {
  readonly protocol: 'UDP' | 'TCP';
  readonly what: string;
  readonly address: string;
  readonly port: number;
  /** What to do about it, as the end of a sentence. */
  readonly cure: string;
}

/** Waits until the port is bound. @throws SwitchroomError `conflict` when another program has it, else `unavailable`. */
export const whenBound = async (wanted: WantedPort, listening: Promise<number>): Promise<number> => {
  try {
    return await listening;
  } catch (error) {
    const { protocol, what, address, port, cure } = wanted;
    const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    const why = isTaken ? 'is in use by another program' : `cannot be bound (${messageOf(error)})`;
    const text = `${protocol} port ${port} for ${what} on ${hostOf(address)} ${why}; ${cure}.`;
    throw new SwitchroomError(isTaken ? 'conflict' : 'unavailable', text, { cause: error });
  }
};
