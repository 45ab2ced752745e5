import { eventually } from '../../support/eventually';

test('an expectation may fail until it holds', async () => {
  let attempts = 0;
  await eventually(() => expect((attempts += 1)).toBe(3));
  expect(attempts).toBe(3);
});

test('the last failure is thrown when an expectation never holds', async () => {
  let attempts = 0;
  const never = eventually(() => Promise.reject(new Error(`failed ${(attempts += 1)}`)), 30);
  await expect(never).rejects.toThrow(/^failed \d+$/);
  await expect(never).rejects.toThrow(`failed ${attempts}`);
});
