/** What outlives the app: its sound in the media processes, its dialogs at the SIP server, its records in the store. */
import type { EndpointId, MixId, PlayId, RecordingId } from '../../base/ids';

/** What media have kept running. */
export interface InheritedMedia {
  readonly endpoints: ReadonlySet<EndpointId>;
  readonly plays: ReadonlySet<PlayId>;
  readonly recordings: ReadonlySet<RecordingId>;
  readonly mixes: ReadonlySet<MixId>;
}

export interface KeptMedia {
  readonly endpoints: ReadonlySet<EndpointId>;
  readonly recordings: ReadonlySet<RecordingId>;
  readonly mixes: ReadonlySet<MixId>;
}

/** Where calls get back what had been theirs. */
export interface MediaEstate {
  /** Claims it for this app. */
  inherited(): Promise<InheritedMedia>;
  /** Closes what is not kept; then events that came in between are told. */
  closeRest(keep: KeptMedia): Promise<void>;
}
