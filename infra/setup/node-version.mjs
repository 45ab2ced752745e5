/** The oldest Node that runs the product: the first of the 20s that can `require` the ES modules it depends on. */
export const OLDEST_NODE = [20, 19];

/**
 * @param {string} version such as `20.19.1`
 * @returns {string | undefined} the sentence to show when that Node is too old
 */
export function nodeComplaint(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = OLDEST_NODE;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return undefined;
  return `Switchroom needs Node ${OLDEST_NODE.join('.')} or newer, and this is Node ${version}: install one from https://nodejs.org or with your version manager.`;
}
