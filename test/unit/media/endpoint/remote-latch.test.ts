import { SimulatedClock } from '../../../../base/clock';
import { RemoteLatch } from '../../../../media/endpoint/rtp/remote-latch';

const SIGNALLED = { address: '192.0.2.1', port: 4000 };
const NAT = { address: '203.0.113.5', port: 31_000 };
const STRANGER = { address: '198.51.100.66', port: 9 };

describe('RemoteLatch', () => {
  let clock: SimulatedClock;
  let latch: RemoteLatch;
  beforeEach(() => {
    clock = new SimulatedClock();
    latch = new RemoteLatch(clock);
    latch.signal(SIGNALLED);
  });

  it('sends to the address in the SDP until something comes, and then to where it comes from', () => {
    expect(latch.destination).toEqual(SIGNALLED);
    expect(latch.accept(NAT, 1)).toBe(true);
    expect(latch.destination).toMatchObject(NAT);
  });

  it('a stranger is not believed while the peer sends', () => {
    latch.accept(NAT, 1);
    clock.advance(900);
    latch.accept(NAT, 1);
    clock.advance(900);
    expect(latch.accept(STRANGER, 2)).toBe(false);
    expect(latch.destination).toMatchObject(NAT);
  });

  it('a new source is believed when the old one has gone silent', () => {
    latch.accept(NAT, 1);
    clock.advance(1001);
    expect(latch.accept(STRANGER, 2)).toBe(true);
    expect(latch.destination).toMatchObject(STRANGER);
  });

  it('the same SSRC from a new address is the peer behind a NAT that changed its mapping', () => {
    latch.accept(NAT, 1);
    expect(latch.accept({ ...NAT, port: 31_001 }, 1)).toBe(true);
    expect(latch.destination).toMatchObject({ port: 31_001 });
  });

  it('the address in the SDP wins over whoever came first', () => {
    latch.accept(STRANGER, 2);
    expect(latch.accept(SIGNALLED, 1)).toBe(true);
    expect(latch.accept(STRANGER, 2)).toBe(false);
  });

  it('is heard from where it was until now, but not sent to there, while its last packets are on their way', () => {
    const moved = { address: '192.0.2.2', port: 5000 };
    latch.accept(NAT, 1);
    latch.signal(moved);
    expect(latch.accept(NAT, 1)).toBe(true);
    expect(latch.destination).toEqual(moved);
    expect(latch.accept(STRANGER, 2)).toBe(true);
    expect(latch.accept(moved, 3)).toBe(true);
    expect(latch.accept(NAT, 1)).toBe(false);
    expect(latch.destination).toMatchObject(moved);
  });

  it('is sent to where it was when it goes on from there in spite of its SDP', () => {
    latch.accept(NAT, 1);
    latch.signal({ ...SIGNALLED, port: 4002 });
    clock.advance(1000);
    expect(latch.accept(NAT, 1)).toBe(true);
    expect(latch.destination).toMatchObject(NAT);
  });

  it('is sent nothing while it holds by naming no address, and is where it was afterwards', () => {
    latch.accept(NAT, 1);
    latch.signal(undefined);
    expect(latch.destination).toBeUndefined();
    expect(latch.accept(NAT, 1)).toBe(true);
    latch.signal({ ...SIGNALLED });
    expect(latch.destination).toMatchObject(NAT);
  });

  describe('where it is known which networks the peer may be in', () => {
    beforeEach(() => {
      latch = new RemoteLatch(clock, (address) => address === NAT.address);
      latch.signal(SIGNALLED);
    });

    it('nobody else is believed, but the neighbours of the host in the SDP', () => {
      expect(latch.accept(STRANGER, 1)).toBe(false);
      expect(latch.accept({ address: '192.0.3.1', port: 4000 }, 1)).toBe(false);
      expect(latch.accept({ address: '192.0.2.77', port: 4000 }, 1)).toBe(true);
      clock.advance(1001);
      expect(latch.accept(NAT, 2)).toBe(true);
    });

    it('the sound of one who holds by naming no address still comes from where it was', () => {
      expect(latch.accept(SIGNALLED, 1)).toBe(true);
      latch.signal(undefined);
      clock.advance(5000);
      expect(latch.accept(SIGNALLED, 2)).toBe(true);
    });

    it('one that has said that it moved is believed in another network, by the SSRC that it goes on with', () => {
      const [mobile, private10] = [
        { address: '198.51.100.77', port: 7000 },
        { address: '10.0.0.7', port: 7000 },
      ];
      latch.accept(NAT, 1);
      expect(latch.accept(mobile, 1)).toBe(false);
      latch.signal(private10);
      expect(latch.accept(mobile, 2)).toBe(false);
      expect(latch.accept(mobile, 1)).toBe(true);
      expect(latch.destination).toMatchObject(mobile);
      expect(latch.accept({ ...mobile, port: 7001 }, 1)).toBe(true);
      expect(latch.accept(STRANGER, 1)).toBe(false);
    });

    it('an SDP that names another host makes strangers of the one before', () => {
      latch.accept(SIGNALLED, 1);
      latch.signal({ address: '203.0.113.77', port: 4000 });
      clock.advance(1001);
      expect(latch.accept(SIGNALLED, 2)).toBe(false);
    });
  });

  it('a new address in the SDP releases the latch; the same one does not', () => {
    latch.accept(NAT, 1);
    latch.signal({ ...SIGNALLED });
    expect(latch.destination).toMatchObject(NAT);
    latch.signal({ address: '192.0.2.2', port: 5000 });
    expect(latch.destination).toEqual({ address: '192.0.2.2', port: 5000 });
  });
});
