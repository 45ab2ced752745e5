/** Turns an upgrade request of `/api/v1/events` into an event socket. */
import type { IncomingMessage } from 'node:http';
import { WebSocketServer } from 'ws';
import { addressOf } from '../http/client';
import type { UpgradeHandler } from '../http/upgrades';
import { MAX_COMMAND_BYTES } from './event-connection';
import type { Arrival, EventHub } from './event-hub';

const MAX_WINDOW_LENGTH = 64;

const arrivalOf = (request: IncomingMessage): Arrival => {
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
  const window = query.get('window');
  return {
    window: window && window.length <= MAX_WINDOW_LENGTH ? window : undefined,
    takeover: query.get('takeover') === 'yes',
    address: addressOf(request),
  };
};

export const eventDoor = (hub: EventHub): UpgradeHandler => {
  const door = new WebSocketServer({ noServer: true, maxPayload: MAX_COMMAND_BYTES, perMessageDeflate: false });
  return ({ request, socket, head, auth }) => {
    door.handleUpgrade(request, socket, head, (webSocket) => hub.accept(webSocket, auth.session, arrivalOf(request)));
    return undefined;
  };
};
