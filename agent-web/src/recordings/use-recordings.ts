/** The recordings that match a filter, page by page. */
import type { RecordingView } from '../../../api/contract/recordings';
import { readRecordings } from '../api/recordings';
import type { RecordingFilter } from '../api/recordings';
import { usePages } from '../lists/use-pages';
import type { Pages } from '../lists/use-pages';

/** First part of the keys of all queries for lists of recordings. */
export const RECORDINGS_KEY = 'recordings';

export type Recordings = Pages<RecordingView>;

export const useRecordings = (query: RecordingFilter): Recordings => usePages(RECORDINGS_KEY, query, readRecordings);
