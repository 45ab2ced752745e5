/**
 * What turns the worker's source, as mediasoup's npm package carries it, into one that builds against the system's
 * libraries. Everything in this folder goes into the recipe's hash, and so into the cached binary's name.
 */
import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const STUBS = join(import.meta.dirname, 'stubs');

/** `-Dms_disable_liburing`: its library would be downloaded, and sending works without. */
export const CONFIGURE_ARGUMENTS = ['--buildtype', 'release', '-Db_ndebug=true', '-Dms_disable_liburing=true'];

/** The generated headers come first: ninja does not know that the sources need them. */
export const NINJA_TARGETS = ['fbs/FBS', 'mediasoup-worker'];

/** Copies the worker's source to `target` and makes it fit the system's libraries. Throws when the source is not as expected. */
export function prepareSource({ workerSource, target }) {
  cpSync(workerSource, target, { recursive: true });
  patch(join(target, 'meson.build'), [
    // It asks for 1.1.0 and uses nothing that 1.0 lacks.
    { find: /meson_version: '>= 1\.1\.0'/, replace: "meson_version: '>= 1.0.0'" },
    // Those are static archives of bundled libraries; here they come from the system, which links them as it does.
    { find: /^ *link_whole: link_whole,\n/m, replace: '' },
  ]);
  patch(join(target, 'src/RTC/DtlsTransport.cpp'), [
    // The callback must hand back the result of every operation that has been done, not only of one kind. With an
    // OpenSSL that has kTLS the answer 1 to "is kTLS on?" leaves the handshake without a write buffer, and it crashes.
    { find: /\(operationType == BIO_CB_RETURN\)/, replace: '((operationType & BIO_CB_RETURN) != 0)' },
  ]);
  placeStubs(join(target, 'subprojects'));
}

/** meson downloads nothing for a subproject whose folder is there; the folder's name is in its .wrap file. */
function placeStubs(subprojects) {
  for (const name of readdirSync(STUBS)) {
    const wrapFile = join(subprojects, `${name}.wrap`);
    const directory = existsSync(wrapFile) && /^directory *= *(\S+)/m.exec(readFileSync(wrapFile, 'utf8'))?.[1];
    if (!directory) throw new Error(`the worker's source has no subprojects/${name}.wrap that names a directory`);
    cpSync(join(STUBS, name), join(subprojects, directory), { recursive: true });
  }
}

function patch(file, changes) {
  let text = readFileSync(file, 'utf8');
  for (const { find, replace } of changes) {
    if (!find.test(text))
      throw new Error(`${file} has nothing that matches ${find}: this mediasoup needs a new recipe`);
    text = text.replace(find, replace);
  }
  writeFileSync(file, text);
}
