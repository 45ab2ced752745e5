const PLATFORMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const LIBC = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' };

/**
 * The optional packages that the lock file's packages name by exact version and that have no entry of their own, as
 * happens when it was written against a registry that serves one platform only. `npm ci` refuses such a file.
 * @param {Record<string, any>} packages the lock file's packages
 * @returns {Record<string, object>} the entries to add, by their place
 * @throws {Error} for one whose version or platform cannot be told from where it is named
 */
export function missingOptional(packages) {
  const missing = {};
  for (const [place, { optionalDependencies = {}, dev, license }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (packages[`${place}/node_modules/${name}`] || packages[`node_modules/${name}`]) continue;
      if (!/^\d+\.\d+\.\d+[-.\w]*$/.test(version))
        throw new Error(`${place} wants ${name} ${version}: not an exact version`);
      const { os, cpu, libc } = systemOf(name);
      // In npm's own order of keys.
      const entry = { version, cpu, dev, libc, license, optional: true, os };
      missing[`node_modules/${name}`] = JSON.parse(JSON.stringify(entry)); // without what is undefined
    }
  }
  return missing;
}

/** Native packages end in `platform-arch` or `platform-arch-abi`. */
function systemOf(name) {
  const [, os, cpu, abi] = new RegExp(`(${PLATFORMS.join('|')})-([a-z0-9]+)(?:-([a-z]+))?$`).exec(name) ?? [];
  if (os === undefined) throw new Error(`${name} does not end in a platform and an architecture`);
  const libc = os === 'linux' ? LIBC[abi] : undefined;
  return { os: [os], cpu: [cpu], libc: libc && [libc] };
}
