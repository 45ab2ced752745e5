/** Other systems that take part in routing: other sites of ours, look-ups, and the numbers lent to calls handed over. */

/** Another Switchroom, or whatever speaks its API for contexts. */
export interface Site {
  _id: string;
  /** Where its API begins, such as `https://site-b.example:8080`. */
  url: string;
  /** Its API key. */
  key: string;
}

/** A system that is asked about a call by HTTP. */
export interface LookUp {
  _id: string;
  url: string;
  timeoutMs: number;
  headers: Record<string, string>;
}

/** Numbers that carriers route to us and that belong to nobody but the next call handed over. */
export interface TemporaryNumbers {
  _id: string;
  first: string;
  last: string;
}

export type KeyScope = 'routing' | 'contexts' | 'metrics';

/** A key by which another system uses the API. */
export interface ApiKey {
  _id: string;
  scopes: KeyScope[];
  /** SHA-256 of the key, hexadecimal. */
  hash: string;
  createdAtMs: number;
}
