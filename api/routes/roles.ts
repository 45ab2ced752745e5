/** Who may use a route. */
import type { Role } from '../contract/common';

export const ADMINISTRATORS: readonly Role[] = ['administrator'];
export const LEADERS: readonly Role[] = ['supervisor', 'administrator'];
