import { SimulatedClock } from '../../../../base/clock';
import { AwaitedAck } from '../../../../signaling/edge/dialog/awaited-ack';
import { Dialog } from '../../../../signaling/edge/dialog/dialog';
import { DialogTable } from '../../../../signaling/edge/dialog/dialog-table';
import { SipRequest, SipResponse } from '../../../../signaling/sip/message';
import { connectionTo, someOwner } from './fakes';

const inviteWith = (headers: [string, string][] = []): SipRequest => {
  const invite = new SipRequest({ method: 'INVITE', uri: 'sip:4000@us' });
  const common: [string, string][] = [
    ['Via', 'SIP/2.0/UDP them;branch=z9hG4bK1'],
    ['From', '"Them" <sip:them@them>;tag=theirs'],
    ['To', '<sip:4000@us>'],
    ['Call-ID', 'call-1'],
    ['CSeq', '7 INVITE'],
    ['Contact', '<sip:them@192.0.2.9:5070>'],
  ];
  for (const [name, value] of [...common, ...headers]) invite.append(name, value);
  return invite;
};

const uas = (headers: [string, string][] = []): Dialog =>
  Dialog.ofIncoming(inviteWith(headers), { localTag: 'ours', owner: someOwner(), connection: connectionTo('udp') });

describe('a dialog made by answering', () => {
  it('is named as drachtio names it', () => {
    expect(uas().id).toBe('call-1;from-tag=theirs');
  });

  it('sends to the Contact with tags the right way round and a rising CSeq', () => {
    const dialog = uas();
    const bye = dialog.newRequest('BYE');
    expect(bye.uri).toBe('sip:them@192.0.2.9:5070');
    expect(bye.from.tag).toBe('ours');
    expect(bye.to.tag).toBe('theirs');
    expect(bye.cseq.number).toBe(1);
    expect(dialog.newRequest('INFO').cseq.number).toBe(2);
  });

  it('keeps the routes in their order', () => {
    const dialog = uas([
      ['Record-Route', '<sip:p1;lr>'],
      ['Record-Route', '<sip:p2;lr>'],
    ]);
    expect(dialog.newRequest('BYE').getAll('Route')).toEqual(['<sip:p1;lr>', '<sip:p2;lr>']);
    expect(dialog.nextHop).toBe('sip:p1;lr');
  });

  it('puts a strict router into the Request-URI and the target last', () => {
    const bye = uas([['Record-Route', '<sip:strict>, <sip:p2;lr>']]).newRequest('BYE');
    expect(bye.uri).toBe('sip:strict');
    expect(bye.getAll('Route')).toEqual(['<sip:p2;lr>', '<sip:them@192.0.2.9:5070>']);
  });

  it('takes requests in order only', () => {
    const dialog = uas();
    const info = inviteWith();
    info.set('CSeq', '8 INFO');
    expect(dialog.takeCseq(info)).toBe(true);
    expect(dialog.takeCseq(info)).toBe(false);
    expect(dialog.takeCseq(inviteWith())).toBe(false);
  });

  it.each([
    ['early', 'confirmed', true],
    ['early', 'terminated', true],
    ['confirmed', 'terminated', true],
    ['confirmed', 'early', false],
    ['terminated', 'confirmed', false],
  ] as const)('%s → %s: %s', (from, to, legal) => {
    const dialog = uas();
    if (from === 'confirmed') dialog.moveTo('confirmed');
    if (from === 'terminated') dialog.moveTo('terminated');
    if (legal) expect(() => dialog.moveTo(to)).not.toThrow();
    else expect(() => dialog.moveTo(to)).toThrow(/cannot go from/);
  });
});

describe('a dialog made by calling', () => {
  const answer = (invite: SipRequest, toTag: string): SipResponse => {
    const response = SipResponse.from(invite, 200, { toTag });
    response.append('Record-Route', '<sip:near;lr>, <sip:far;lr>');
    response.append('Contact', '<sip:callee@198.51.100.7>');
    return response;
  };

  it('learns tag, target and reversed routes from the answer', () => {
    const invite = inviteWith();
    const dialog = Dialog.ofOutgoing(invite, { owner: someOwner(), connection: connectionTo('udp') });
    dialog.learn(answer(invite, 'callee'));
    const ack = dialog.newAck(7);
    expect(ack.to.tag).toBe('callee');
    expect(ack.cseq).toEqual({ number: 7, method: 'ACK' });
    expect(ack.uri).toBe('sip:callee@198.51.100.7');
    expect(ack.getAll('Route')).toEqual(['<sip:far;lr>', '<sip:near;lr>']);
  });

  it('makes another one of a second branch', () => {
    const invite = inviteWith();
    const dialog = Dialog.ofOutgoing(invite, { owner: someOwner(), connection: connectionTo('udp') });
    dialog.learn(answer(invite, 'first'));
    const fork = dialog.fork(answer(invite, 'second'));
    expect(fork.remoteTag).toBe('second');
    expect(fork.state).toBe('confirmed');
    expect(dialog.remoteTag).toBe('first');
  });
});

describe('the table of dialogs', () => {
  it('matches by Call-ID and both tags, and forgets what is removed', () => {
    const table = new DialogTable();
    const dialog = uas();
    table.add(dialog);
    const within = inviteWith();
    within.set('To', '<sip:4000@us>;tag=ours');
    expect(table.match(within)).toBe(dialog);
    within.set('From', '<sip:them@them>;tag=other');
    expect(table.match(within)).toBeUndefined();
    table.remove(dialog);
    table.remove(dialog);
    expect(dialog.state).toBe('terminated');
    expect(table.size).toBe(0);
  });
});

describe('an answer that waits for its ACK', () => {
  const waiting = (clock: SimulatedClock) => {
    const seen: string[] = [];
    const awaited = new AwaitedAck({
      clock,
      cseq: 1,
      answer: new SipResponse({ status: 200 }),
      t1Ms: 500,
      t2Ms: 4_000,
      repeat: () => void seen.push(`repeat ${clock.monotonicMs()}`),
      onGivenUp: () => void seen.push(`give up ${clock.monotonicMs()}`),
    });
    return { awaited, seen };
  };

  it('is repeated after T1, twice that, up to T2, and given up after 64*T1', () => {
    const clock = new SimulatedClock();
    const { seen } = waiting(clock);
    clock.advance(60_000);
    expect(seen.slice(0, 5)).toEqual(['repeat 500', 'repeat 1500', 'repeat 3500', 'repeat 7500', 'repeat 11500']);
    expect(seen.at(-1)).toBe('give up 32000');
    expect(clock.pendingTimers).toBe(0);
  });

  it('is left alone when the ACK has come', () => {
    const clock = new SimulatedClock();
    const { awaited, seen } = waiting(clock);
    awaited.stop();
    clock.advance(60_000);
    expect(seen).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });
});
