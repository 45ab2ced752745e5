/** Where events are sent to by HTTP. */

export interface Webhook {
  _id: string;
  url: string;
  /** Signs what is sent. */
  secret: string;
  /** Names of events, or beginnings of names that end with `.*`; all when it is empty. */
  events: string[];
  enabled: boolean;
}
