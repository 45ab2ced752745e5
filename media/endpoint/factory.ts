/** How the engine makes endpoints: one factory per {@link EndpointKind}, injected by the media process. */
import type { Result } from '../../base/result';
import type { OpenEndpoint, OpenedEndpoint } from '../ports';
import type { EndpointNotice, MediaEndpoint } from './endpoint';

export interface OpenedByFactory {
  readonly endpoint: MediaEndpoint;
  readonly opened: OpenedEndpoint;
}

export interface EndpointFactory {
  /**
   * Opens an endpoint. `notify` is called for everything the endpoint tells by itself; after `endpoint-lost` the
   * endpoint has closed itself and says no more.
   */
  open(request: OpenEndpoint, notify: (notice: EndpointNotice) => void): Promise<Result<OpenedByFactory>>;
  /** UDP ports that this factory's endpoints hold now. */
  readonly portsInUse: number;
  /** Releases what the factory itself holds; its endpoints are closed by their owner before. Idempotent. */
  close(): Promise<void>;
}
