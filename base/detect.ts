/**
 * What is listened for while an agent talks with somebody through a trunk. `fax`: fax machines and modems. `machines`: these,
 * and in calls that we have dialled answering machines as well, with the end of their greeting.
 */
export const DETECT = ['nothing', 'fax', 'machines'] as const;
export type Detect = (typeof DETECT)[number];
