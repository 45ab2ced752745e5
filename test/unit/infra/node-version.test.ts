import { nodeComplaint } from '../../../infra/setup/node-version.mjs';

describe('Node version', () => {
  test.each(['20.19.0', '20.20.2', '22.0.0', '24.9.1'])('%s runs the product', (version) => {
    expect(nodeComplaint(version)).toBeUndefined();
  });

  test.each(['20.18.3', '18.20.0', '9.0.0'])('%s is refused in one sentence that names both versions', (version) => {
    expect(nodeComplaint(version)).toMatch(
      new RegExp(`^Switchroom needs Node 20\\.19 or newer, .* ${version}: install [^\\n]+\\.$`),
    );
  });
});
