/** The number that a call has come from, if it can be dialled. */
import type { Call } from './call';
import { isDiallable } from './typed-number';

export const ownNumber = ({ identity }: Call): string | undefined =>
  isDiallable(identity.number) ? identity.number : undefined;
