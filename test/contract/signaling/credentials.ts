/** Users who prove their password by digest: what the registrar knows of them, and how a peer answers a challenge. */
import { answerChallenge, computeHa1, DIGEST_ALGORITHMS } from '../../../signaling/sip/digest';
import type { DigestAlgorithm } from '../../../signaling/sip/digest';
import { parseAuth } from '../../../signaling/sip/headers/auth';
import type { SipRequest } from '../../../signaling/sip/message';
import type { SipPeer } from './sip-peer';

/** A user's hashed password in every algorithm. */
export const ha1sOf = (account: { user: string; realm: string; password: string }): Record<DigestAlgorithm, string> => {
  const entries = DIGEST_ALGORITHMS.map((algorithm) => [algorithm, computeHa1({ ...account, algorithm })]);
  return Object.fromEntries(entries) as Record<DigestAlgorithm, string>;
};

/** Sends a request, takes its challenge, and returns it with the credentials of the user in its From. */
export const challenged = async (peer: SipPeer, request: SipRequest, password: string): Promise<SipRequest> => {
  peer.send(request);
  const refusal = await peer.nextResponse(401);
  if (request.method === 'INVITE') peer.send(peer.ackOf(request, refusal));
  const challenge = parseAuth(refusal.get('WWW-Authenticate') ?? '');
  if (!challenge.ok) throw new Error(challenge.fault.message);
  const { method, uri, body } = request;
  const user = request.from.uri.user ?? '';
  const answer = answerChallenge({ challenge: challenge.value, user, password, method, uri, body, count: 1 });
  if (!answer.ok) throw new Error(answer.fault.message);
  const again = request.clone();
  again.set('Via', peer.via());
  again.set('CSeq', `${request.cseq.number + 1} ${method}`);
  again.set('Authorization', answer.value);
  return again;
};

/** Registers a user of this realm; resolves with the 200. @param more headers; Expires is 600 unless given here. */
export const register = async (
  peer: SipPeer,
  { user, realm, password }: { user: string; realm: string; password: string },
  more: Record<string, string> = {},
): ReturnType<SipPeer['nextResponse']> => {
  const address = `<sip:${user}@${realm}>`;
  const headers = { From: `${address};tag=${user}`, To: address, Expires: '600', ...more };
  peer.send(await challenged(peer, peer.request('REGISTER', `sip:${realm}`, headers), password));
  return peer.nextResponse(200);
};
