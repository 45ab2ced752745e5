import { run } from '../../../infra/setup/run.mjs';

const node = (script: string, options = {}) => run(process.execPath, ['-e', script], options);

describe('running a command', () => {
  test('gives its code and what it printed, to both streams', async () => {
    const { code, output } = await node("console.log('to out'); console.error('to err'); process.exitCode = 3");
    expect(code).toBe(3);
    expect(output.split('\n').sort()).toEqual(['to err', 'to out']);
  });

  test('of much output keeps the beginning and the end, where the reasons stand', async () => {
    const lines: string[] = [];
    const onLine = (line: string): void => void lines.push(line);
    const { output } = await node('for (let i = 1; i <= 1000; i += 1) console.log(i)', { onLine });
    expect(lines).toHaveLength(1000);
    expect(output).toMatch(/^1\n2\n[\s\S]*\n12\n… \(958 lines\)\n971\n[\s\S]*\n1000$/);
  });

  test('ends one that takes too long', async () => {
    const { code, output } = await node('setInterval(() => {}, 1000)', { timeoutMs: 200 });
    expect([code, output]).toEqual([124, 'took longer than 200 ms']);
  });

  test('one that does not exist is an answer, not an exception', async () => {
    expect(await run('/nowhere/program', [])).toEqual({ code: 127, output: expect.stringContaining('ENOENT') });
  });
});
