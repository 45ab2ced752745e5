/** One suite for both implementations of MediaPort: the engine itself, and client and server over a socket. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../../base/ids';
import type { EndpointId, PlayId, RecordingId } from '../../base/ids';
import type { Result } from '../../base/result';
import type { MediaEvent, MediaPort } from '../../media/ports';
import { channelSamples, readWav } from '../../media/wav/wav-reader';
import { IMPLEMENTATIONS, SOUNDS, codeOf, mediaSuite, value } from '../support/media-bench';
import type { MediaBench } from '../support/media-bench';
import { RtpPeer } from '../support/rtp-peer';
import { dominantFrequencyHz, fromPcm16, hearsTone, levelDbfs, toneLevelDbfs } from '../support/spectrum';
import { pause, until } from '../support/wait';

describe.each(Object.keys(IMPLEMENTATIONS))('MediaPort: %s', (name) => {
  const media = mediaSuite(name);
  const { events, peers, party } = media;
  let bench: MediaBench;
  let port: MediaPort;
  beforeEach(() => void ({ bench, port } = media));

  const eventOf = <Type extends MediaEvent['type']>(type: Type): Promise<Extract<MediaEvent, { type: Type }>> =>
    until(`event ${type}`, () =>
      events.find((event): event is Extract<MediaEvent, { type: Type }> => event.type === type),
    );

  it("a bridge carries each party's voice to the other and not back to itself", async () => {
    const a = await party({ frequencyHz: 440 });
    const b = await party({ frequencyHz: 1000 });
    value(await port.bridge(a.id, b.id));
    a.peer.speak();
    b.peer.speak();
    await until('half a second of sound', () => a.peer.received.length > 25 && b.peer.received.length > 25);
    expect(dominantFrequencyHz(a.peer.heard())).toBeCloseTo(1000, -1);
    expect(dominantFrequencyHz(b.peer.heard())).toBeCloseTo(440, -1);
    expect(toneLevelDbfs(a.peer.heard(), 440)).toBeLessThan(-45);
    expect(toneLevelDbfs(b.peer.heard(), 1000)).toBeLessThan(-45);
  });

  it('after unbridge nothing is carried', async () => {
    const a = await party();
    const b = await party();
    value(await port.bridge(a.id, b.id));
    a.peer.speak();
    await until('sound', () => b.peer.received.length > 5);
    value(await port.unbridge(b.id));
    await pause(40);
    b.peer.clear();
    await pause(100);
    expect(b.peer.received).toHaveLength(0);
  });

  it('a bridge with a third party ends the one before', async () => {
    const [a, b, c] = [
      await party({ frequencyHz: 440 }),
      await party({ frequencyHz: 700 }),
      await party({ frequencyHz: 1300 }),
    ];
    value(await port.bridge(a.id, b.id));
    value(await port.bridge(a.id, c.id));
    [a, b, c].forEach(({ peer }) => peer.speak());
    await until('sound', () => a.peer.received.length > 25);
    expect(hearsTone(a.peer.heard(), 1300)).toBe(true);
    expect(b.peer.received).toHaveLength(0);
    expect(value(await port.counts()).bridges).toBe(1);
  });

  it('the stream that a peer hears keeps one SSRC and an unbroken sequence across sources', async () => {
    const a = await party();
    const b = await party({ frequencyHz: 900 });
    const playId = newId<PlayId>();
    value(await port.play({ playId, endpointId: a.id, sources: [{ kind: 'music', name: 'default' }], loop: true }));
    await until('music', () => a.peer.received.length > 10);
    b.peer.speak();
    value(await port.bridge(a.id, b.id));
    const before = a.peer.received.length;
    await until('voice', () => a.peer.received.length > before + 10);
    const sequence = a.peer.received.map(({ sequenceNumber }) => sequenceNumber);
    expect(new Set(a.peer.received.map(({ ssrc }) => ssrc)).size).toBe(1);
    sequence.slice(1).forEach((number, index) => expect((number - (sequence[index] ?? 0)) & 0xffff).toBe(1));
  });

  it('music plays with sound between 200 and 2000 Hz, until it is stopped', async () => {
    const a = await party();
    const playId = newId<PlayId>();
    value(await port.play({ playId, endpointId: a.id, sources: [{ kind: 'music', name: 'default' }], loop: true }));
    await until('a second of music', () => a.peer.received.length >= 50);
    const heard = a.peer.heard();
    expect(levelDbfs(heard)).toBeGreaterThan(-40);
    expect(dominantFrequencyHz(heard)).toBeGreaterThan(200);
    expect(dominantFrequencyHz(heard)).toBeLessThan(2000);
    value(await port.stopPlay(playId));
    expect(await eventOf('play-ended')).toMatchObject({ playId, endpointId: a.id, reason: 'stopped' });
    expect(value(await port.counts()).plays).toBe(0);
  });

  it('a play of several sources lasts as long as they do and then reports its end once', async () => {
    const a = await party();
    const playId = newId<PlayId>();
    const silence = { kind: 'silence', durationMs: 100 } as const;
    const prompt = { kind: 'prompt', language: 'en', name: 'welcome' } as const;
    value(await port.play({ playId, endpointId: a.id, sources: [silence, prompt, silence] }));
    expect(await eventOf('play-ended')).toMatchObject({ playId, reason: 'finished' });
    const file = value(readWav(await readFile(join(SOUNDS, 'prompts/en/welcome.wav'))));
    await pause(30);
    expect(a.peer.received.length).toBe(5 + Math.ceil(file.data.length / 2 / 160) + 5);
    expect(events.filter(({ type }) => type === 'play-ended')).toHaveLength(1);
  });

  it('a sound that is missing fails the play and names the file', async () => {
    const a = await party();
    const sources = [{ kind: 'prompt', language: 'en', name: 'no-such-prompt' }] as const;
    const result = await port.play({ playId: newId<PlayId>(), endpointId: a.id, sources });
    expect(result).toMatchObject({ ok: false, fault: { code: 'not_found' } });
    expect(result.ok ? '' : result.fault.message).toContain('prompts/en/no-such-prompt.wav');
    expect(value(await port.counts()).plays).toBe(0);
  });

  it('a key pressed by the peer is reported once, at its end', async () => {
    const a = await party();
    a.peer.speak();
    a.peer.press(5, 160);
    expect(await eventOf('digit')).toEqual({
      type: 'digit',
      endpointId: a.id,
      digit: '5',
      durationMs: 160,
      form: 'rfc4733',
    });
    await pause(300);
    expect(events.filter(({ type }) => type === 'digit')).toHaveLength(1);
  });

  it('a digit sent reaches the peer as RFC 4733 events', async () => {
    const a = await party();
    value(await port.sendDigit(a.id, '#', 100));
    await until('three ends', () => a.peer.received.filter(({ payload }) => payload[1] === 0x8a).length === 3);
    const eventPackets = a.peer.received.filter(({ payloadType }) => payloadType === 101);
    expect(eventPackets[0]?.marker).toBe(true);
    expect(new Set(eventPackets.map(({ timestamp }) => timestamp)).size).toBe(1);
    expect(eventPackets.at(-1)?.payload.readUInt16BE(2)).toBe(800);
    expect(eventPackets.every(({ payload }) => payload[0] === 11)).toBe(true);
    expect(codeOf(await port.sendDigit(a.id, 'x', 100))).toBe('bad_input');
  });

  it('the first packet of the peer is reported as connected', async () => {
    const a = await party();
    a.peer.sendFrame();
    expect(await eventOf('connected')).toEqual({ type: 'connected', endpointId: a.id });
  });

  it('our offer is completed by an answer', async () => {
    const peer = await RtpPeer.open({ codec: 'PCMU' });
    peers.push(peer);
    const endpointId = newId<EndpointId>();
    const offered = value(await port.openEndpoint({ endpointId, kind: 'rtp', codecs: ['PCMA', 'PCMU'] }));
    expect(offered.codec).toBeUndefined();
    const garbage = await port.acceptAnswer(endpointId, 'no sdp');
    expect(codeOf(garbage)).toBe('bad_input');
    expect(value(await port.acceptAnswer(endpointId, peer.sdp())).codec).toBe('PCMU');
    value(await port.play({ playId: newId<PlayId>(), endpointId, sources: [{ kind: 'music', name: 'default' }] }));
    await until('music as µ-law', () => peer.received.some(({ payloadType }) => payloadType === 0));
  });

  it('a recording holds each party on its own channel, at the same time', async () => {
    const a = await party({ frequencyHz: 440 });
    const b = await party({ frequencyHz: 1000 });
    const recordingId = newId<RecordingId>();
    value(await port.bridge(a.id, b.id));
    value(await port.startRecording({ recordingId, path: '2026/01/first-call.wav', codec: 'PCMA' }));
    value(await port.attachRecording(recordingId, 0, a.id));
    value(await port.attachRecording(recordingId, 1, b.id));
    a.peer.speak();
    b.peer.speak();
    await pause(1200);
    const summary = value(await port.stopRecording(recordingId));
    const file = await readFile(join(bench.recordingsDir, summary.path));
    const wav = value(readWav(file));
    expect(file).toHaveLength(summary.sizeBytes);
    expect(summary.durationMs).toBeGreaterThan(1150);
    expect(Math.abs((wav.data.length / 2 / 8000) * 1000 - summary.durationMs)).toBeLessThanOrEqual(1);
    const [customer, agent] = [fromPcm16(channelSamples(wav, 0)), fromPcm16(channelSamples(wav, 1))];
    expect(hearsTone(customer, 440)).toBe(true);
    expect(hearsTone(agent, 1000)).toBe(true);
    expect(toneLevelDbfs(customer, 1000)).toBeLessThan(-45);
    expect(toneLevelDbfs(agent, 440)).toBeLessThan(-45);
  });

  it('a recording is playable while it is being written', async () => {
    const a = await party({ frequencyHz: 600 });
    const recordingId = newId<RecordingId>();
    value(await port.startRecording({ recordingId, path: 'running.wav', codec: 'PCMU' }));
    value(await port.attachRecording(recordingId, 0, a.id));
    a.peer.speak();
    const samples = await until('a second on disk', async () => {
      const wav = value(readWav(await readFile(join(bench.recordingsDir, 'running.wav'))));
      return wav.data.length > 14_000 && fromPcm16(channelSamples(wav, 0));
    });
    expect(hearsTone(samples, 600)).toBe(true);
    value(await port.stopRecording(recordingId));
  });

  it('detaching a party from a recording makes its channel silent', async () => {
    const a = await party({ frequencyHz: 600 });
    const recordingId = newId<RecordingId>();
    value(await port.startRecording({ recordingId, path: 'detached.wav', codec: 'PCMA' }));
    value(await port.attachRecording(recordingId, 0, a.id));
    a.peer.speak();
    await pause(400);
    value(await port.detachRecording(recordingId, 0));
    await pause(500);
    value(await port.stopRecording(recordingId));
    const wav = value(readWav(await readFile(join(bench.recordingsDir, 'detached.wav'))));
    const samples = fromPcm16(channelSamples(wav, 0));
    expect(levelDbfs(samples.subarray(800, 2400))).toBeGreaterThan(-15);
    expect(levelDbfs(samples.subarray(-2400))).toBeLessThan(-60);
  });

  it.each(['../outside.wav', '/etc/outside.wav', 'a/../../outside.wav', 'no-wave.txt', '.hidden.wav', 'a//b.wav'])(
    'refuses to record to %s',
    async (path) => {
      const result = await port.startRecording({ recordingId: newId<RecordingId>(), path, codec: 'PCMA' });
      expect(codeOf(result)).toBe('bad_input');
    },
  );

  it('a peer that holds hears nothing, and hears again when it resumes', async () => {
    const a = await party();
    const b = await party({ frequencyHz: 900 });
    value(await port.bridge(a.id, b.id));
    b.peer.speak();
    await until('voice', () => a.peer.received.length > 5);
    const held = value(await port.answerReoffer(a.id, a.peer.sdp({ direction: 'sendonly', version: 2 })));
    expect(held.sdp).toContain('a=recvonly');
    await pause(40);
    a.peer.clear();
    await pause(100);
    expect(a.peer.received).toHaveLength(0);
    const resumed = value(await port.answerReoffer(a.id, a.peer.sdp({ version: 3 })));
    expect(resumed.sdp).toContain('a=sendrecv');
    await until('voice again', () => a.peer.received.length > 5);
  });

  it('makes an offer of its own within a dialog, and goes on by the answer', async () => {
    const a = await party();
    const b = await party({ frequencyHz: 900 });
    value(await port.bridge(a.id, b.id));
    b.peer.speak();
    await until('voice', () => a.peer.received.length > 5);
    const offered = value(await port.reoffer(a.id));
    expect(offered.sdp).toContain('a=sendrecv');
    value(await port.acceptAnswer(a.id, a.peer.sdp({ direction: 'inactive', version: 2 })));
    await pause(40);
    a.peer.clear();
    await pause(100);
    expect(a.peer.received).toHaveLength(0);
    expect(codeOf(await port.reoffer(newId<EndpointId>()))).toBe('not_found');
  });

  it('an endpoint that is closed can be opened anew, as another peer wants it', async () => {
    const peer = await RtpPeer.open({ codec: 'PCMU' });
    peers.push(peer);
    const b = await party({ frequencyHz: 900 });
    const endpointId = newId<EndpointId>();
    const request = { endpointId, kind: 'rtp', srtp: 'required', codecs: ['PCMA'] } as const;
    const first = value(await port.openEndpoint(request));
    expect(first.sdp).toContain('RTP/SAVP 8 101');
    value(await port.closeEndpoint(endpointId));
    const anew = value(await port.openEndpoint({ ...request, srtp: 'off', codecs: ['PCMU'], dtmf: 'info' }));
    expect(anew.sdp).toMatch(/RTP\/AVP 0\r\n/);
    expect(value(await port.acceptAnswer(endpointId, peer.sdp())).codec).toBe('PCMU');
    value(await port.bridge(endpointId, b.id));
    b.peer.speak();
    await until('voice as µ-law', () => peer.received.some(({ payloadType }) => payloadType === 0));
  });

  it('counts return to zero and ports are free when everything is closed', async () => {
    const a = await party();
    const b = await party();
    const recordingId = newId<RecordingId>();
    value(await port.bridge(a.id, b.id));
    value(
      await port.play({ playId: newId<PlayId>(), endpointId: a.id, sources: [{ kind: 'music', name: 'default' }] }),
    );
    value(await port.startRecording({ recordingId, path: 'counted.wav', codec: 'PCMA' }));
    expect(value(await port.counts())).toEqual({
      endpoints: 2,
      bridges: 1,
      mixes: 0,
      plays: 1,
      recordings: 1,
      portsInUse: 4,
    });
    value(await port.closeEndpoint(a.id));
    value(await port.closeEndpoint(b.id));
    value(await port.closeEndpoint(b.id));
    value(await port.stopRecording(recordingId));
    expect(value(await port.counts())).toEqual({
      endpoints: 0,
      bridges: 0,
      mixes: 0,
      plays: 0,
      recordings: 0,
      portsInUse: 0,
    });
    expect(await eventOf('play-ended')).toMatchObject({ reason: 'stopped' });
  });

  it('requests about what is not there fail with not_found; ending it succeeds', async () => {
    const [endpointId, other] = [newId<EndpointId>(), newId<EndpointId>()];
    const recordingId = newId<RecordingId>();
    expect(codeOf(await port.bridge(endpointId, other))).toBe('not_found');
    expect(codeOf(await port.unbridge(endpointId))).toBe('not_found');
    expect(codeOf(await port.stats(endpointId))).toBe('not_found');
    expect(codeOf(await port.acceptAnswer(endpointId, 'v=0'))).toBe('not_found');
    expect(codeOf(await port.stopRecording(recordingId))).toBe('not_found');
    expect(codeOf(await port.attachRecording(recordingId, 0, endpointId))).toBe('not_found');
    expect(codeOf(await port.closeEndpoint(endpointId))).toBe('ok');
    expect(codeOf(await port.stopPlay(newId<PlayId>()))).toBe('ok');
  });

  it('an offer without a common codec, or that is none, is refused and holds no port', async () => {
    const open = (offer: string): Promise<Result<unknown>> =>
      port.openEndpoint({ endpointId: newId<EndpointId>(), kind: 'rtp', offer, codecs: ['PCMA'] });
    const peer = await RtpPeer.open({ codec: 'PCMU' });
    peers.push(peer);
    expect(codeOf(await open(peer.sdp()))).toBe('not_acceptable_media');
    expect(codeOf(await open('hello'))).toBe('bad_input');
    expect(value(await port.counts()).portsInUse).toBe(0);
  });

  it('counts packets in both directions', async () => {
    const a = await party();
    const b = await party();
    value(await port.bridge(a.id, b.id));
    for (let frame = 0; frame < 10; frame += 1) a.peer.sendFrame();
    a.peer.sequenceNumber += 2;
    a.peer.sendFrame();
    await until('all of them', () => b.peer.received.length === 11);
    expect(value(await port.stats(a.id))).toMatchObject({ packetsReceived: 11, packetsLost: 2 });
    expect(value(await port.stats(b.id))).toMatchObject({ packetsSent: 11, packetsReceived: 0 });
    const readings = value(await port.statsOf([a.id, newId<EndpointId>(), b.id]));
    expect(readings).toMatchObject([
      { endpointId: a.id, codec: 'PCMA', packetsReceived: 11, packetsLost: 2 },
      { endpointId: b.id, packetsSent: 11 },
    ]);
  });
});
