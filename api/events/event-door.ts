/** Turns an upgrade request of `/api/v1/events` into an event socket. */
import { WebSocketServer } from 'ws';
import type { UpgradeHandler } from '../http/upgrades';
import { MAX_COMMAND_BYTES } from './event-connection';
import type { Arrival, EventHub } from './event-hub';

const MAX_WINDOW_LENGTH = 64;

const arrivalOf = (url: string | undefined): Arrival => {
  const query = new URL(url ?? '/', 'http://localhost').searchParams;
  const window = query.get('window');
  return {
    window: window && window.length <= MAX_WINDOW_LENGTH ? window : undefined,
    takeover: query.get('takeover') === 'yes',
  };
};

export const eventDoor = (hub: EventHub): UpgradeHandler => {
  const door = new WebSocketServer({ noServer: true, maxPayload: MAX_COMMAND_BYTES, perMessageDeflate: false });
  return ({ request, socket, head, auth }) => {
    door.handleUpgrade(request, socket, head, (webSocket) =>
      hub.accept(webSocket, auth.session, arrivalOf(request.url)),
    );
    return undefined;
  };
};
