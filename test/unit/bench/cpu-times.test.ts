import {
  byRole,
  cpuDuring,
  cpuMsBetween,
  descendantsOf,
  parseProcessStat,
  roleOf,
} from '../../bench/support/cpu-times';
import type { ProcessCpu, Role } from '../../bench/support/cpu-times';

const STAT =
  '4242 (node) S 17 4242 4242 0 -1 4194560 5000 0 3 0 250 50 7 8 20 0 11 0 99 1000000000 20000 18446744073709551615 1 1 0';

const process = (pid: number, role: Role, cpuTicks: number): ProcessCpu => ({ pid, parentPid: 1, role, cpuTicks });

describe("a process's statistics", () => {
  it('give its parent and its user and system time together, without its children', () => {
    expect(parseProcessStat(STAT)).toEqual({ pid: 4242, parentPid: 17, cpuTicks: 300 });
  });

  it.each(['(sd-pam)', 'a (b) c', 'Web Content) S 9', 'new\nline'])('survive the program name "%s"', (name) => {
    expect(parseProcessStat(STAT.replace('node', name))).toEqual({ pid: 4242, parentPid: 17, cpuTicks: 300 });
  });

  it.each([
    ['nothing, because the process has ended', ''],
    ['too few fields', '4242 (node) S 17 4242'],
    ['no process number', 'x (node) S 17'],
    ['a time that is no number', STAT.replace(' 250 ', ' many ')],
  ])('are undefined for %s', (_what, text) => {
    expect(parseProcessStat(text)).toBeUndefined();
  });
});

describe('the role of a process', () => {
  it.each<[Role, string[]]>([
    ['app', ['/usr/bin/node', '--enable-source-maps', '/srv/switchroom/dist/app.js']],
    ['main', ['node', 'dist/main.js']],
    ['store', ['/usr/bin/node', '/srv/switchroom/dist/store.js', '']],
    ['mediasoup_worker', ['/opt/switchroom/mediasoup-worker-3.19.3-linux-x64', '--logLevel=warn']],
    ['mediasoup_worker', ['/srv/worker/out/Release/mediasoup-worker']],
    ['browser', ['/usr/lib/chromium/chromium', '--type=renderer']],
    ['other', ['node', 'infra/start.mjs']],
    ['other', ['/usr/bin/node', '/srv/dist/bench/first-call.js']],
    ['other', ['/usr/bin/node', '/srv/distant/app.js']],
    ['other', ['']],
  ])('is %s for %j', (role, argv) => {
    expect(roleOf(argv)).toBe(role);
  });
});

describe('CPU time', () => {
  it('is counted for the whole tree below a process and for nothing beside it', () => {
    const stat = (pid: number, parentPid: number) => ({ pid, parentPid, cpuTicks: 0 });
    const all = [stat(1, 0), stat(2, 1), stat(5, 4), stat(3, 2), stat(4, 2), stat(6, 1)];
    expect(descendantsOf(2, all).map(({ pid }) => pid)).toEqual([2, 3, 4, 5]);
    expect(descendantsOf(99, all)).toEqual([]);
  });

  it('is summed by role, and a new process counts from its beginning', () => {
    const before = [process(1, 'app', 100), process(2, 'browser', 50), process(3, 'browser', 10)];
    const after = [process(1, 'app', 112), process(2, 'browser', 51), process(4, 'browser', 4)];
    expect(cpuMsBetween(before, after, 100)).toEqual({ ...byRole(() => 0), app: 120, browser: 50 });
    expect(cpuMsBetween(before, after, 1000).app).toBe(12);
  });

  it('of work done in this process is seen, within the time that passed', async () => {
    const { cpuMs, elapsedMs } = await cpuDuring(() => {
      const untilMs = performance.now() + 150;
      while (performance.now() < untilMs);
      return Promise.resolve();
    });
    expect(elapsedMs).toBeGreaterThanOrEqual(150);
    expect(cpuMs.caller).toBeGreaterThan(0);
  });
});
