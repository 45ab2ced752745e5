/**
 * Proves that a media worker works: `node infra/mediasoup-worker/prove.mjs [--quick]`, with MEDIASOUP_WORKER_BIN naming
 * it. Quick: it starts and makes a router with G.711. Otherwise a Chromium also connects over ICE, DTLS and SRTP, sends a
 * tone, and hears it come back: a worker that only starts may still die in its first handshake.
 */
import { createWorker } from 'mediasoup';
import { echoToneThroughChromium } from './prove-in-chromium.mjs';

const CODECS = [{ kind: 'audio', mimeType: 'audio/PCMU', preferredPayloadType: 0, clockRate: 8000, channels: 1 }];

const worker = await createWorker({ logLevel: 'warn' });
try {
  const died = new Promise((_resolve, reject) => worker.once('died', reject));
  const router = await Promise.race([worker.createRouter({ mediaCodecs: CODECS }), died]);
  if (process.argv.includes('--quick')) {
    console.log(`worker ${worker.pid} made a router`);
  } else {
    const heard = await Promise.race([echoToneThroughChromium({ worker, router }), died]);
    console.log(JSON.stringify(heard));
  }
} finally {
  worker.close();
}
