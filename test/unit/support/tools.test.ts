import { describeNeeding } from '../../support/tools';

describe('tests that need tools', () => {
  const before = { ...process.env };
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);

  const machine = (env: { missing?: string; CI?: string }): void => {
    process.env['SWITCHROOM_MISSING_TOOLS'] = env.missing ?? '';
    process.env['CI'] = env.CI ?? '';
  };

  afterEach(() => {
    process.env = { ...before };
    warn.mockClear();
  });
  afterAll(() => warn.mockRestore());

  test('run where the set-up has the tools, and where nobody has looked', () => {
    machine({ missing: 'sox,sipp' });
    expect(describeNeeding('chromium', 'baresip')).toBe(describe);
    delete process.env['SWITCHROOM_MISSING_TOOLS'];
    expect(describeNeeding('chromium')).toBe(describe);
    expect(warn).not.toHaveBeenCalled();
  });

  test('are left out with a line that names what the set-up could not get', () => {
    machine({ missing: 'baresip,sipp' });
    expect(describeNeeding('chromium', 'baresip')).toBe(describe.skip);
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/^SKIPPED: .*baresip$/));
  });

  test('are never left out with CI=true', () => {
    machine({ missing: 'baresip', CI: 'true' });
    expect(() => describeNeeding('baresip')).toThrow('missing on this machine: baresip');
  });
});
