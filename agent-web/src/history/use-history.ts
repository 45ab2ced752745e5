/** The calls that match a filter, page by page. */
import type { InteractionView } from '../../../api/contract/rest';
import { readInteractions } from '../api/resources';
import type { HistoryQuery } from '../api/resources';
import { usePages } from '../lists/use-pages';
import type { Pages } from '../lists/use-pages';

/** First part of every history query's key. */
export const HISTORY_KEY = 'interactions';

export type History = Pages<InteractionView>;

export const useHistory = (query: HistoryQuery): History => usePages(HISTORY_KEY, query, readInteractions);
