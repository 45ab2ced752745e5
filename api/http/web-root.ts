/** Serves the built agent-web: files named by their content's hash for ever, the page itself always fresh. */
import { join, sep } from 'node:path';
import type { NextFunction, Request, Response, Router } from 'express';
import express from 'express';

/** Vite puts what it names by hash here. */
const HASHED_FOLDER = `${sep}assets${sep}`;

/** A path of the app's own router: the last part has no extension. */
const isAppRoute = (path: string): boolean => !/\.[a-z0-9]+$/i.test(path);

export const webRootRouter = (webRoot: string): Router => {
  const router = express.Router();
  router.use(
    express.static(webRoot, {
      index: false,
      redirect: false,
      dotfiles: 'ignore',
      setHeaders(response, path) {
        const hashed = path.includes(HASHED_FOLDER);
        response.setHeader('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    }),
  );
  router.use((request: Request, response: Response, next: NextFunction) => {
    const isPage = (request.method === 'GET' || request.method === 'HEAD') && isAppRoute(request.path);
    if (!isPage) {
      next();
      return;
    }
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile(join(webRoot, 'index.html'), (error) => {
      if (error) next();
    });
  });
  return router;
};
