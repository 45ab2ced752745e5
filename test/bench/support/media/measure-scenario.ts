/** One scenario: endpoints and telephones are made, the load runs, and what it cost is read. */
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../../../../base/ids';
import type { EndpointId } from '../../../../base/ids';
import { parse } from 'sdp-transform';
import type { Cores } from '../cores';
import { NodeChild } from '../node-child';
import { rounded } from '../percentiles';
import { cpuMsOf } from '../process-time';
import type { BrowserAnswer, LegPlan, LoadReport } from './load-messages';
import { LOAD_ROLE } from './load-process';
import { MediaUnderTest } from './media-under-test';
import { must } from './scenarios';
import type { Scenario } from './scenarios';

const WARM_UP_MS = 3_000;

export interface MeasureOptions {
  readonly cores: Cores | undefined;
  readonly seconds: number;
  readonly profileFolder?: string | undefined;
}

/** One scenario's figures. */
export interface ScenarioFigures {
  readonly core_pct_per_call: number;
  readonly core_pct_per_call_media: number;
  readonly core_pct_per_call_mediasoup_worker: number;
  /** Of the load's own process: not the product's. */
  readonly core_pct_load: number;
  readonly packets_lost: number;
  readonly packets_received: number;
  readonly forward_ms_p50: number;
  readonly forward_ms_p99: number;
}

export async function measureScenario(scenario: Scenario, options: MeasureOptions): Promise<ScenarioFigures> {
  const { cores, profileFolder } = options;
  const media = await MediaUnderTest.start({ core: cores?.measured, profileFolder });
  const argv = [process.argv[1] ?? '', LOAD_ROLE];
  const load = await NodeChild.start({ argv, core: cores?.load }, { legs: scenario.legs });
  try {
    const ports = (await load.ask('ports')) as number[];
    const { endpoints, remotePorts } = await openEndpoints({ media, load }, scenario.legs, ports);
    await scenario.join(media.port, endpoints);
    await load.ask('begin', remotePorts);
    await sleep(WARM_UP_MS);
    await load.ask('reset');
    const before = { ...media.cpuMs(), load: cpuMsOf(load.pid) ?? NaN, atMs: performance.now() };
    await sleep(options.seconds * 1_000);
    const after = { ...media.cpuMs(), load: cpuMsOf(load.pid) ?? NaN, atMs: performance.now() };
    const report = (await load.ask('report')) as LoadReport;
    const elapsedMs = after.atMs - before.atMs;
    const pct = (name: 'media' | 'mediasoup_worker' | 'load'): number =>
      ((after[name] - before[name]) * 100) / elapsedMs;
    return {
      core_pct_per_call: rounded((pct('media') + pct('mediasoup_worker')) / scenario.calls, 4),
      core_pct_per_call_media: rounded(pct('media') / scenario.calls, 4),
      core_pct_per_call_mediasoup_worker: rounded(pct('mediasoup_worker') / scenario.calls, 4),
      core_pct_load: rounded(pct('load'), 1),
      packets_lost: report.lost,
      packets_received: report.received,
      forward_ms_p50: report.latencyMs?.p50 ?? NaN,
      forward_ms_p99: report.latencyMs?.p99 ?? NaN,
    };
  } finally {
    await load.stop();
    await media.stop();
  }
}

interface Parties {
  readonly media: MediaUnderTest;
  readonly load: NodeChild;
}

const openEndpoints = async (
  parties: Parties,
  legs: readonly LegPlan[],
  ports: readonly number[],
): Promise<{ endpoints: EndpointId[]; remotePorts: number[] }> => {
  const endpoints: EndpointId[] = [];
  const remotePorts: number[] = [];
  for (const [index, plan] of legs.entries()) {
    const endpointId = newId<EndpointId>();
    const leg = { index, plan, endpointId, port: ports[index] ?? 0 };
    endpoints.push(endpointId);
    remotePorts.push(plan.browser ? await openBrowserLeg(parties, leg) : await openRtpLeg(parties, leg));
  }
  return { endpoints, remotePorts };
};

interface LegToOpen {
  readonly index: number;
  readonly plan: LegPlan;
  readonly endpointId: EndpointId;
  /** Of the telephone. */
  readonly port: number;
}

const openRtpLeg = async ({ media }: Parties, { plan, endpointId, port }: LegToOpen): Promise<number> => {
  const { codec, payloadType } = plan;
  const offer = offerOf({ port, codec, payloadType });
  const opened = must(await media.port.openEndpoint({ endpointId, kind: 'rtp', offer, codecs: [codec] }));
  return parse(opened.sdp).media[0]?.port ?? 0;
};

const openBrowserLeg = async ({ media, load }: Parties, { index, plan, endpointId }: LegToOpen): Promise<number> => {
  const opened = must(await media.port.openEndpoint({ endpointId, kind: 'webrtc', codecs: [plan.codec] }));
  const { answer, port } = (await load.ask('answer', { index, offer: opened.sdp })) as BrowserAnswer;
  must(await media.port.acceptAnswer(endpointId, answer));
  return port;
};

const offerOf = ({ port, codec, payloadType }: { port: number; codec: string; payloadType: number }): string =>
  [
    'v=0',
    'o=load 1 1 IN IP4 127.0.0.1',
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${port} RTP/AVP ${payloadType} 101`,
    // Without events every leg would be searched for tones.
    'a=rtpmap:101 telephone-event/8000',
    `a=rtpmap:${payloadType} ${codec === 'OPUS' ? 'opus/48000/2' : `${codec}/8000`}`,
    '',
  ].join('\r\n');
