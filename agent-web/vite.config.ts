/** The browser application's build: `npx vite build agent-web` writes `dist/web`, which the app process serves. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Libraries that change seldom get files of their own, so that a new version of the desk reloads only the desk. */
const chunkOf = (id: string): string | undefined => {
  if (!id.includes('node_modules')) return undefined;
  if (/node_modules\/(sip\.js|zod)\//.test(id)) return 'telephony';
  if (/node_modules\/(react|react-dom|scheduler|i18next|react-i18next|@tanstack)\//.test(id)) return 'react';
  return 'interface';
};

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 1500,
    assetsInlineLimit: 0,
    rolldownOptions: { output: { manualChunks: chunkOf } },
  },
  server: {
    proxy: {
      '/api': { target: 'http://127.0.0.1:8080', ws: true },
      '/sip': { target: 'ws://127.0.0.1:8080', ws: true },
    },
  },
});
