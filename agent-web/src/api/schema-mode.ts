/** Keeps zod from trying `new Function`, which our content security policy forbids. Import it before any schema. */
import { z } from 'zod';

z.config({ jitless: true });
