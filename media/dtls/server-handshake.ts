/** Our part when the peer begins (`a=setup:active`): it must have a certificate, of the fingerprint in its SDP. */
import { randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { AgreedSecurity } from '../srtp/packet-security';
import type { SrtpSuite } from '../srtp/suites';
import { ByteReader, uint, vector } from './byte-reader';
import { ALERT, changeOfKeys, HandshakeBook, HandshakeError, unexpected } from './handshake';
import type { FlightPart, Handshake, HandshakeParts } from './handshake';
import { HANDSHAKE } from './handshake-messages';
import type { HandshakeMessage } from './handshake-messages';
import {
  agreedGroup,
  agreedSrtpSuite,
  ECDHE_ECDSA_AES_128_GCM,
  hasExtendedSecret,
  readClientHello,
  writeServerHello,
} from './hello';
import { createKeyShare } from './key-share';
import type { KeyShare } from './key-share';
import { OWN_SCHEME, SCHEME_IDS } from './signatures';

interface Agreed {
  readonly suite: SrtpSuite;
  readonly share: KeyShare;
  readonly randoms: { readonly client: Buffer; readonly server: Buffer };
  readonly extended: boolean;
}

type State =
  | { readonly kind: 'hello' }
  | { readonly kind: 'certificate'; readonly agreed: Agreed }
  | { readonly kind: 'key-exchange'; readonly agreed: Agreed; readonly key: KeyObject }
  | { readonly kind: 'proof'; readonly suite: SrtpSuite; readonly key: KeyObject }
  | { readonly kind: 'finished'; readonly suite: SrtpSuite }
  | { readonly kind: 'done'; readonly suite: SrtpSuite };

/** RFC 5246, 7.4.4 and RFC 8422, 5.5: ecdsa_sign and rsa_sign. */
const CERTIFICATE_TYPES = Buffer.from([64, 1]);
/** RFC 8422, 5.4. */
const NAMED_CURVE = 3;

export class ServerHandshake implements Handshake {
  private state: State = { kind: 'hello' };
  private readonly book: HandshakeBook;

  constructor(parts: HandshakeParts) {
    this.book = new HandshakeBook('server', parts);
  }

  get keys(): Handshake['keys'] {
    return this.book.keys;
  }

  get security(): AgreedSecurity | undefined {
    return this.state.kind === 'done' ? this.book.securityOf(this.state.suite) : undefined;
  }

  begin(): FlightPart[] {
    return [];
  }

  accept(message: HandshakeMessage): FlightPart[] | undefined {
    const { state } = this;
    if (state.kind === 'hello' && message.type === HANDSHAKE.clientHello) return this.hello(message);
    if (state.kind === 'certificate' && message.type === HANDSHAKE.certificate) {
      const key = this.book.checkedKey(message.body);
      return this.move(message, { ...state, kind: 'key-exchange', key });
    }
    if (state.kind === 'key-exchange' && message.type === HANDSHAKE.clientKeyExchange) {
      const { agreed, key } = state;
      this.book.noteReceived(message);
      this.agreeOnSecret(message.body, agreed);
      this.state = { kind: 'proof', suite: agreed.suite, key };
      return undefined;
    }
    if (state.kind === 'proof' && message.type === HANDSHAKE.certificateVerify) {
      this.book.checkSignature(new ByteReader(message.body), state.key, this.book.said);
      return this.move(message, { kind: 'finished', suite: state.suite });
    }
    if (state.kind === 'finished' && message.type === HANDSHAKE.finished) {
      this.book.checkFinished(message.body);
      this.move(message, { kind: 'done', suite: state.suite });
      return [changeOfKeys, this.book.writeFinished()];
    }
    throw unexpected(message, state.kind);
  }

  private move(message: HandshakeMessage, state: State): undefined {
    this.book.noteReceived(message);
    this.state = state;
    return undefined;
  }

  private hello(message: HandshakeMessage): FlightPart[] {
    const hello = readClientHello(message.body);
    const suite = agreedSrtpSuite(hello);
    if (!suite) throw new HandshakeError(ALERT.handshakeFailure, 'the peer has no SRTP profile of ours (use_srtp)');
    const group = agreedGroup(hello);
    if (group === undefined || !hello.cipherSuites.includes(ECDHE_ECDSA_AES_128_GCM))
      throw new HandshakeError(ALERT.handshakeFailure, 'the peer has not ECDHE-ECDSA-AES128-GCM with X25519 or P-256');
    const randoms = { client: hello.random, server: randomBytes(32) };
    const share = createKeyShare(group);
    this.move(message, {
      kind: 'certificate',
      agreed: { suite, share, randoms, extended: hasExtendedSecret(hello) },
    });
    const { book } = this;
    return [
      book.write(HANDSHAKE.serverHello, writeServerHello(randoms.server, { suite, asked: hello })),
      book.writeCertificate(),
      book.write(HANDSHAKE.serverKeyExchange, this.keyExchange(share, randoms)),
      book.write(HANDSHAKE.certificateRequest, certificateRequest()),
      book.write(HANDSHAKE.serverHelloDone, Buffer.alloc(0)),
    ];
  }

  private keyExchange({ group, point }: KeyShare, randoms: Agreed['randoms']): Buffer {
    const params = Buffer.concat([uint(NAMED_CURVE, 1), uint(group, 2), vector(point, 1)]);
    const signature = this.book.signed(Buffer.concat([randoms.client, randoms.server, params]));
    return Buffer.concat([params, uint(OWN_SCHEME, 2), vector(signature, 2)]);
  }

  private agreeOnSecret(body: Buffer, { share, randoms, extended }: Agreed): void {
    const reader = new ByteReader(body);
    const premaster = share.agree(reader.vector(1));
    reader.end();
    if (!premaster) throw new HandshakeError(ALERT.handshakeFailure, "the peer's key is no point of the curve");
    this.book.deriveSecret(premaster, randoms, extended);
  }
}

const certificateRequest = (): Buffer => {
  const schemes = Buffer.concat(SCHEME_IDS.map((id) => uint(id, 2)));
  return Buffer.concat([vector(CERTIFICATE_TYPES, 1), vector(schemes, 2), vector(Buffer.alloc(0), 2)]);
};
