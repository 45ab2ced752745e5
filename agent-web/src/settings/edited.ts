/**
 * What an open form is about, undefined for a new one: as it was when the form was opened. Lists are read again meanwhile,
 * and the version that is sent must be the one whose values the form shows, or the change of somebody else would be lost.
 */
export interface Edited<Item> {
  readonly item: Item | undefined;
}
