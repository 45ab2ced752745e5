/** Turns an upgrade request of `/api/v1/events` into an event socket. */
import { WebSocketServer } from 'ws';
import type { UpgradeHandler } from '../http/upgrades';
import { MAX_COMMAND_BYTES } from './event-connection';
import type { EventHub } from './event-hub';

export const eventDoor = (hub: EventHub): UpgradeHandler => {
  const door = new WebSocketServer({ noServer: true, maxPayload: MAX_COMMAND_BYTES, perMessageDeflate: false });
  return ({ request, socket, head, auth }) => {
    door.handleUpgrade(request, socket, head, (webSocket) => hub.accept(webSocket, auth.session));
    return undefined;
  };
};
