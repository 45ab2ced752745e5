import { userToUserHeaders } from '../../../calls/send-user-to-user';
import { Variables } from '../../../flows/variables';

const headersOf = (value: string) => userToUserHeaders({ variables: new Variables({ 'send-uui': value }) });

it.each([
  ['', {}],
  ['00ff;encoding=hex;purpose=x', { 'User-to-User': '00ff;encoding=hex;purpose=x' }],
  ['VIP', { 'User-to-User': '564950;encoding=hex;purpose=switchroom-text' }],
  // What would begin a header of its own is data, and travels as such.
  ['00;purpose=x\r\nEvil: 1', { 'User-to-User': expect.stringMatching(/^[0-9a-f]+;encoding=hex/) as string }],
  ['x'.repeat(600), {}],
])('%j', (value, headers) => expect(headersOf(value)).toEqual(headers));
