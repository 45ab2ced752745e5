/** A part that could not be set up: which, why, and the command that would do it. */
export class SetupError extends Error {
  /** @param {{ part: string, why: string, cure: string }} parts */
  constructor({ part, why, cure }) {
    super(`${part}: ${why}\n  What would do it: ${cure}`);
    this.name = 'SetupError';
    this.part = part;
    this.why = why;
    this.cure = cure;
  }
}

/** @param {unknown} error @returns {string} */
export const messageOf = (error) => (error instanceof Error ? error.message : String(error));
