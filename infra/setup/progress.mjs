/** Steps shorter than this are not worth a line. */
const QUIET_MS = 1_000;
const LINE_EVERY_MS = 10_000;
const TERMINAL_EVERY_MS = 250;

/** @param {number} ms @returns {string} `8s`, `2m10s` */
export function elapsed(ms) {
  const seconds = Math.floor(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
}

/** @param {{ number: number, of: number, title: string, detail: string, ms: number }} step */
export function progressLine({ number, of, title, detail, ms }) {
  const inBrackets = [elapsed(ms), detail].filter(Boolean).join(', ');
  return `[${number}/${of}] ${title} (${inBrackets})`;
}

/**
 * Shows steps that take longer than a second: one rewriting line in a terminal, otherwise a line every ten seconds.
 * @param {{ stream: { write(text: string): unknown, isTTY?: boolean, columns?: number }, of: number }} options
 */
export function createProgress({ stream, of }) {
  let number = 0;
  const clear = stream.isTTY ? '\r\x1b[K' : '';
  const show = (line, last) => {
    if (!stream.isTTY) return stream.write(`${line}\n`);
    return stream.write(last ? `${clear}${line}\n` : `${clear}${line.slice(0, (stream.columns ?? 80) - 1)}`);
  };

  return {
    /** A line that is always shown. @param {string} line */
    say: (line) => void stream.write(`${clear}${line}\n`),

    /**
     * @template T
     * @param {string} title such as `packages`
     * @param {(report: (what: string, detail?: string) => void) => Promise<T> | T} work calls `report` with what it does now
     * @returns {Promise<T>}
     */
    async step(title, work) {
      number += 1;
      const startedMs = performance.now();
      const now = { what: '', detail: '', shownMs: startedMs, shown: false };
      const line = () => {
        const name = now.what ? `${title}: ${now.what}` : title;
        return progressLine({ number, of, title: name, detail: now.detail, ms: performance.now() - startedMs });
      };
      const tick = () => {
        const ms = performance.now();
        const wait = !now.shown ? QUIET_MS : stream.isTTY ? TERMINAL_EVERY_MS : LINE_EVERY_MS;
        if (ms - now.shownMs < wait) return;
        Object.assign(now, { shownMs: ms, shown: true });
        show(line(), false);
      };
      const timer = setInterval(tick, TERMINAL_EVERY_MS);
      try {
        const result = await work((what, detail = '') => void Object.assign(now, { what, detail }));
        if (now.shown) {
          Object.assign(now, { what: 'done', detail: '' });
          show(line(), true);
        }
        return result;
      } catch (error) {
        if (now.shown && stream.isTTY) stream.write('\n');
        throw error;
      } finally {
        clearInterval(timer);
      }
    },
  };
}
