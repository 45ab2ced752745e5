/** Wires the calls of the app to what they need: signaling, media, settings and the store. */
import type { Alarms } from '../base/alarms';
import { systemClock } from '../base/clock';
import type { AgentId } from '../base/ids';
import type { Logger } from '../base/log';
import { createCenter } from '../calls/center';
import type { Center, CenterDeps } from '../calls/center';
import type { ToneSettings } from '../calls/context';
import type { CodecPolicy } from '../calls/leg-codecs';
import type { MediaPool } from '../media/pool/pool';
import type { Gateway } from '../signaling/gateway';
import type { Store } from '../store/connect';
import type { CallSettings } from './call-settings';
import { lastAgentIn } from './last-agent';
import type { LoadedDirectory } from './load-directory';
import type { LiveCalls } from './live-calls';
import { measureRecording } from './recording-size';
import { pinGuessing } from './pin-guessing';
import type { RecordingHouse } from './recordings/recording-house';
import type { PromptBook } from './prompt-book';
import type { StationBook } from './station-book';
import type { SipTraces } from './sip-traces';
import type { Watch } from './watch';
import type { Workforce } from './workforce/open';

export const openCenter = (deps: {
  store: Store;
  loaded: LoadedDirectory;
  callSettings: CallSettings;
  stay: ReadonlySet<AgentId>;
  acd: CenterDeps['acd'];
  gateway: Gateway;
  traces: SipTraces;
  media: MediaPool;
  sounds: PromptBook;
  recordings: RecordingHouse;
  tones: ToneSettings;
  agentsSeeSupervision: boolean;
  codecs: CodecPolicy;
  alarms: Alarms;
  watch: Watch;
  workforce: Workforce;
  liveCalls: LiveCalls;
  stations: StationBook;
  log: Logger;
}): Center => {
  const { store, loaded, callSettings, stay, acd, gateway, traces, media, recordings, log } = deps;
  return createCenter({
    clock: systemClock,
    log,
    signaling: gateway,
    media,
    directory: loaded.directory,
    permission: callSettings.permission,
    fraud: callSettings.fraud,
    routing: callSettings.routing,
    prompts: deps.sounds,
    acd,
    queues: loaded.queues,
    agents: loaded.agents,
    alarms: deps.alarms,
    ...deps.watch.center,
    acdFollower: deps.workforce.acdFollower,
    tones: deps.tones,
    musicStream: callSettings.musicStream,
    codecs: deps.codecs,
    stations: deps.stations,
    stay,
    kept: deps.liveCalls,
    agentsSeeSupervision: deps.agentsSeeSupervision,
    save: async (interaction) => {
      await store.interactions.save(interaction);
      deps.watch.saved(interaction);
      traces.saved(interaction);
      await recordings.saved(interaction);
    },
    lastAgentOf: lastAgentIn(store.interactions),
    measureRecording: (path) => measureRecording(recordings.library, path),
    onPinGuessing: (roomId) => deps.alarms.raise(pinGuessing(roomId)),
  });
};
