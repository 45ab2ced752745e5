/**
 * Where the media worker can come from, best first. A source that is not in the list was ruled out by what is known
 * beforehand; each of the rest is tried until one gives a worker that runs.
 * @param {{ given: string | undefined, cached: boolean, skipDownload: boolean, platform: string }} facts
 * @returns {('given' | 'cached' | 'downloaded' | 'built')[]}
 */
export function workerSources({ given, cached, skipDownload, platform }) {
  if (given) return ['given']; // whoever names a binary wants that one, or to hear what is wrong with it
  const sources = [];
  if (cached) sources.push('cached');
  if (!skipDownload) sources.push('downloaded');
  if (platform === 'linux') sources.push('built'); // the recipe builds against Debian's libraries
  return sources;
}
