/** The calls that match a filter, page by page; read again when the server says that one has changed. */
import { useInfiniteQuery } from '@tanstack/react-query';
import type { InteractionView } from '../../../api/contract/rest';
import { readInteractions } from '../api/resources';
import type { HistoryQuery } from '../api/resources';

/** First part of every history query's key. */
export const HISTORY_KEY = 'interactions';

export interface History {
  readonly items: readonly InteractionView[];
  readonly loading: boolean;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  readonly loadMore: () => void;
  readonly reload: () => void;
}

export const useHistory = (query: HistoryQuery): History => {
  const pages = useInfiniteQuery({
    queryKey: [HISTORY_KEY, query],
    queryFn: ({ pageParam }) => readInteractions(query, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: (former) => former,
  });
  return {
    items: pages.data?.pages.flatMap((page) => page.items) ?? [],
    loading: pages.isPending,
    error: pages.error,
    hasMore: pages.hasNextPage,
    loadingMore: pages.isFetchingNextPage,
    loadMore: () => void pages.fetchNextPage(),
    reload: () => void pages.refetch(),
  };
};
