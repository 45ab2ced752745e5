/** Sends a recording as `audio/wav`, whole or in part (RFC 9110, sections 13 and 14). */
import type { Request, Response } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SwitchroomError } from '../../base/errors';
import type { RecordingFile } from '../ports';
import { errorCode } from './error-code';
import type { WavSnapshot } from './wav-snapshot';
import { wavSnapshot } from './wav-snapshot';
import type { RangeVerdict } from './byte-range';
import { parseByteRange } from './byte-range';

const CHUNK_BYTES = 64 * 1024;

interface Span {
  readonly firstByte: number;
  readonly lastByte: number;
}

async function* bytesOf(file: RecordingFile, snapshot: WavSnapshot, span: Span): AsyncGenerator<Buffer> {
  let at = span.firstByte;
  while (at <= span.lastByte) {
    const chunk = await file.read(at, Math.min(CHUNK_BYTES, span.lastByte + 1 - at));
    if (chunk.length === 0) throw new SwitchroomError('unavailable', 'the recording became shorter while it was read');
    if (at < snapshot.header.length) snapshot.header.copy(chunk, 0, at);
    yield chunk;
    at += chunk.length;
  }
}

/** Section 13.1.5: a range is answered only while the representation is still the one that If-Range names. */
const wantedRange = (request: Request, etag: string, sizeBytes: number): RangeVerdict => {
  const ifRange = request.headers['if-range'];
  if (ifRange !== undefined && ifRange !== etag) return { kind: 'whole' };
  return parseByteRange(request.headers.range, sizeBytes);
};

const matchesNone = (header: string | undefined, etag: string): boolean =>
  header !== undefined &&
  header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);

/** Writes the status and the headers; returns what of the file follows, if anything does. */
const writeHead = (
  request: Request,
  response: Response,
  sent: { etag: string; sizeBytes: number },
): Span | undefined => {
  const { etag, sizeBytes } = sent;
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('ETag', etag);
  // The browser may keep it, but asks each time whether this user may still hear it and whether it has grown.
  response.setHeader('Cache-Control', 'private, no-cache');
  if (matchesNone(request.headers['if-none-match'], etag)) {
    response.status(304);
    return undefined;
  }
  const range = wantedRange(request, etag, sizeBytes);
  if (range.kind === 'unsatisfiable') {
    response.status(416).setHeader('Content-Range', `bytes */${sizeBytes}`);
    response.json({
      code: 'bad_input',
      message: `The recording has ${sizeBytes} bytes; the range lies behind its end.`,
    });
    return undefined;
  }
  response.setHeader('Content-Type', 'audio/wav');
  const span = range.kind === 'part' ? range : { firstByte: 0, lastByte: sizeBytes - 1 };
  response.setHeader('Content-Length', span.lastByte + 1 - span.firstByte);
  if (range.kind === 'part') {
    response.status(206).setHeader('Content-Range', `bytes ${span.firstByte}-${span.lastByte}/${sizeBytes}`);
  }
  return span;
};

/** Takes the file over: it is closed when the reply is sent or the client has gone. */
export const sendRecording = async (request: Request, response: Response, file: RecordingFile): Promise<void> => {
  try {
    const snapshot = await wavSnapshot(file);
    const span = writeHead(request, response, { etag: `"${file.version}"`, sizeBytes: snapshot.sizeBytes });
    if (!span || request.method === 'HEAD') response.end();
    else await pipeline(Readable.from(bytesOf(file, snapshot, span)), response);
  } catch (error) {
    // The listener moved on or closed the page: nobody's fault.
    if (errorCode(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  } finally {
    await file.close();
  }
};
