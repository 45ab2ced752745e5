/** The media processes: how many run here, which run on other machines, and who may connect with whom. */
import { availableParallelism } from 'node:os';
import { z } from 'zod';

const port = z.coerce.number('must be a number').int('must be a whole number').min(1).max(65_535);

/** Where a media process on a machine of its own waits for the app when nothing else is said. */
export const DEFAULT_MEDIA_PORT = 9070;
/** More of them are of no use while the app is one process. */
const MOST_BY_ITSELF = 4;

const hostSchema = z.strictObject({
  name: z.string().regex(/^[\w.-]{1,40}$/, 'must be 1 to 40 letters, digits, dots, hyphens or underlines'),
  /** Its name or address, which its certificate must be for. */
  address: z.string().min(1).max(255),
  port: port.default(DEFAULT_MEDIA_PORT),
  /** How much it takes in comparison with the others. */
  weight: z.number().positive().max(100).default(1),
});

export const mediaSchema = z.strictObject({
  /** On this machine; one per core, four at most, when absent. */
  processes: z.coerce.number('must be a number').int('must be a whole number').min(0).max(32).optional(),
  /** On other machines. */
  hosts: z.array(hostSchema).max(32).default([]),
  /** Where a media process that runs alone waits for the app. */
  listen: z
    .strictObject({
      address: z.string().min(1).default('0.0.0.0'),
      port: port.default(DEFAULT_MEDIA_PORT),
    })
    .prefault({}),
  /** PEM files: what this side shows, and by whose signature it knows the other one. */
  tls: z
    .strictObject({
      certificate: z.string().min(1).optional(),
      key: z.string().min(1).optional(),
      ca: z.string().min(1).optional(),
    })
    .prefault({}),
});

export type MediaConfig = z.infer<typeof mediaSchema>;
export type MediaHostConfig = MediaConfig['hosts'][number];

interface Ports {
  readonly media: MediaConfig;
  readonly rtpPorts: { readonly first: number; readonly last: number };
  readonly webRtcPort?: number | undefined;
}

/** How many media processes run on this machine. */
export const localProcesses = ({ processes, hosts }: MediaConfig): number =>
  processes ?? (hosts.length > 0 ? 0 : Math.min(MOST_BY_ITSELF, availableParallelism()));

export interface LocalMedia {
  readonly name: string;
  readonly rtpPorts: { readonly first: number; readonly last: number };
  readonly webRtcPort: number | undefined;
}

/** Each gets a slice of the RTP ports, and the next port for its browsers. */
export const localMediaOf = ({ media, rtpPorts, webRtcPort }: Ports): readonly LocalMedia[] => {
  const count = localProcesses(media);
  const firstEven = rtpPorts.first + (rtpPorts.first % 2);
  const pairs = Math.floor((rtpPorts.last - firstEven + 1) / 2 / count);
  return Array.from({ length: count }, (_, index) => {
    const first = firstEven + index * pairs * 2;
    const isLast = index === count - 1;
    return {
      name: `media-${index + 1}`,
      rtpPorts: { first, last: isLast ? rtpPorts.last : first + pairs * 2 - 1 },
      webRtcPort: webRtcPort === undefined ? undefined : webRtcPort + index,
    };
  });
};

/** The browsers' ports by the name that a message about one gives it. */
export const webRtcPortsOf = (ports: Ports): Readonly<Record<string, number>> =>
  Object.fromEntries(
    localMediaOf(ports).flatMap(({ name, webRtcPort }) =>
      webRtcPort === undefined ? [] : [[name === 'media-1' ? 'webRtcPort' : `webRtcPort of ${name}`, webRtcPort]],
    ),
  );

export const contradictionOfMedia = (ports: Ports): string | undefined => {
  const { media, rtpPorts, webRtcPort } = ports;
  const count = localProcesses(media);
  if (count === 0 && media.hosts.length === 0) return 'media.processes is 0 and media.hosts is empty; calls need one.';
  if (count > 0 && Math.floor((rtpPorts.last - rtpPorts.first + 1) / 4) < count)
    return `rtpPorts ${rtpPorts.first}-${rtpPorts.last} have no four ports for each of ${count} media processes; widen them or lower MEDIA_PROCESSES.`;
  if (webRtcPort !== undefined && webRtcPort + count - 1 > 65_535)
    return `webRtcPort ${webRtcPort} is too high: ${count} media processes take one after the other from there.`;
  const names = media.hosts.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index || /^media-\d+$/.test(name));
  if (repeated !== undefined)
    return `media.hosts: the name "${repeated}" is taken; media-1, media-2 … are this machine's own.`;
  const { certificate, key, ca } = media.tls;
  if (media.hosts.length > 0 && (!certificate || !key || !ca))
    return 'media.hosts needs media.tls with certificate, key and ca, by which both sides know each other.';
  return undefined;
};
