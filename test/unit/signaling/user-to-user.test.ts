/** Call data across switches (RFC 7433). */
import {
  formatUserToUser,
  hexOfText,
  parseUserToUser,
  textOfUserToUser,
} from '../../../signaling/sip/headers/user-to-user';

describe('reading', () => {
  it('the RFC’s examples', () => {
    expect(parseUserToUser('56a390f3d2b7310023a2;encoding=hex')).toEqual([
      { data: '56a390f3d2b7310023a2', encoding: 'hex', purpose: 'isdn-uui', content: undefined },
    ]);
    expect(parseUserToUser('"customer 17";encoding=text;purpose=foo;content=bar')).toEqual([
      { data: 'customer 17', encoding: 'text', purpose: 'foo', content: 'bar' },
    ]);
  });

  it('several of them in one header, a comma in quotes being no border', () => {
    const entries = parseUserToUser('00ff;purpose=a, "x,y";encoding=text;purpose=b');
    expect(entries.map(({ data, purpose }) => [data, purpose])).toEqual([
      ['00ff', 'a'],
      ['x,y', 'b'],
    ]);
  });

  it.each([
    undefined,
    '',
    ';encoding=hex',
    '0g;encoding=hex',
    '123;encoding=hex',
    'a b',
    '"open',
    `${'00'.repeat(513)}`,
  ])('nothing of %j', (header) => expect(parseUserToUser(header)).toEqual([]));

  it('no more than eight', () => {
    expect(parseUserToUser(Array.from({ length: 1000 }, () => '00').join(','))).toHaveLength(8);
  });
});

describe('text', () => {
  const entry = { encoding: 'hex', purpose: 'isdn-uui', content: undefined };

  it('of ISDN’s IA5 data stands behind the protocol discriminator', () => {
    expect(textOfUserToUser({ ...entry, data: `04${hexOfText('VIP 42')}` })).toBe('VIP 42');
  });

  it('is not made of what is none', () => {
    expect(textOfUserToUser({ ...entry, data: '04ff00' })).toBeUndefined();
    expect(textOfUserToUser({ ...entry, data: '56a390f3' })).toBeUndefined();
  });
});

it('what is written can be read again', () => {
  const entry = { data: hexOfText('abc 你好'), purpose: 'demo', content: 'note' };
  const [read] = parseUserToUser(formatUserToUser(entry));
  expect(read).toEqual({ ...entry, encoding: 'hex' });
  expect(read && textOfUserToUser(read)).toBe('abc 你好');
  expect(formatUserToUser({ ...entry, data: 'no hex' })).toBeUndefined();
});
