/** The Event of the NOTIFY that an app gets; its source address and port are those of the connection. */
export const CONNECTION_CLOSED_EVENT = 'connection-closed';
