/** Where an agent hears: the own browser, a desk phone of the center, or a number outside. */

export const STATION_KINDS = ['browser', 'phone', 'number'] as const;
export type StationKind = (typeof STATION_KINDS)[number];

export const STATION_LANGUAGES = ['en', 'zh-CN'] as const;
export type StationLanguage = (typeof STATION_LANGUAGES)[number];

export type Station =
  | { kind: 'browser' }
  | { kind: 'phone'; extension: string }
  /** In `language` a person there is asked to take the call; in all of them when absent. */
  | { kind: 'number'; number: string; language?: StationLanguage | undefined };

/** As the agent has chosen last. */
export interface ChosenStation {
  /** The agent's id. */
  _id: string;
  station: Station;
}
