import { parseCommandLine, USAGE } from '../../../infra/caller/command-line';

describe('the command line of npm run call', () => {
  it('needs nothing but a number', () => {
    expect(parseCommandLine(['4000'])).toEqual({
      ok: true,
      value: {
        number: '4000',
        digits: '',
        digitsAfterMs: 3_000,
        lengthMs: 60_000,
        file: undefined,
        loop: false,
        save: undefined,
        from: '+4930123456',
        host: '127.0.0.1',
        port: 5060,
        transport: 'udp',
      },
    });
  });

  it('takes every option', () => {
    const text =
      '4000 --digits 1,2# --digits-after 500ms --seconds 30 --file a.wav --loop --save b.wav ' +
      '--from 1001 --host ::1 --port 5070 --transport tcp';
    expect(parseCommandLine(text.split(' '))).toMatchObject({
      ok: true,
      value: {
        digits: '1,2#',
        digitsAfterMs: 500,
        lengthMs: 30_000,
        file: 'a.wav',
        loop: true,
        save: 'b.wav',
        from: '1001',
        host: '::1',
        port: 5070,
        transport: 'tcp',
      },
    });
  });

  it.each([
    ['', 'Whom to call is missing'],
    ['4000 4001', 'One number is called at a time'],
    ['sip:x@y', 'no number that can be called'],
    ['4000 --from <x>', '--from'],
    ['4000 --digits 1x', '--digits 1x'],
    ['4000 --digits-after soon', '--digits-after soon'],
    ['4000 --seconds 0', '--seconds 0'],
    ['4000 --seconds 999999', '--seconds 999999'],
    ['4000 --port 70000', '--port 70000'],
    ['4000 --port 5060x', '--port 5060x'],
    ['4000 --transport ws', '--transport ws'],
    ['4000 --colour red', '--colour'],
    ['4000 --digits', '--digits'],
  ])('refuses "%s" and says why', (text, sentence) => {
    const result = parseCommandLine(text.split(' ').filter(Boolean));
    expect(result).toMatchObject({ ok: false, fault: { code: 'bad_input' } });
    if (!result.ok) expect(result.fault.message).toContain(sentence);
  });

  it('explains every option', () => {
    const explained = [...USAGE.matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => name);
    expect(explained.sort()).toEqual(
      ['digits', 'digits-after', 'seconds', 'file', 'loop', 'save', 'from', 'host', 'port', 'transport'].sort(),
    );
  });
});
