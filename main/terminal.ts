/** What the programs that people start say on the terminal. */

/** As sysexits.h has it: the configuration is at fault. */
const EX_CONFIG = 78;

export const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Why the program does not start. */
export const refuse = (why: string): void => {
  process.stderr.write(`switchroom: ${why}\n`);
  process.exitCode = EX_CONFIG;
};
