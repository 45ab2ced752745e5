/** Other systems that take part in routing: our sites, look-ups, and the numbers lent to calls handed over. */

/** A place where agents work. */
export interface Site {
  _id: string;
  name?: string | undefined;
  nameZh?: string | undefined;
  /** Of a Switchroom of its own, or whatever speaks its API for contexts: such as `https://site-b.example:8080`. */
  url?: string | undefined;
  /** Our API key there. */
  key?: string | undefined;
}

/** One that calls are handed over to. */
export interface RemoteSite extends Site {
  url: string;
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
