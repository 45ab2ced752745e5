/** The recordings that match a filter, page by page. */
import { useInfiniteQuery } from '@tanstack/react-query';
import type { RecordingView } from '../../../api/contract/recordings';
import { readRecordings } from '../api/recordings';
import type { RecordingFilter } from '../api/recordings';

export const RECORDINGS_KEY = 'recordings';

export interface Recordings {
  readonly items: readonly RecordingView[];
  readonly loading: boolean;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  readonly loadMore: () => void;
  readonly reload: () => void;
}

export const useRecordings = (query: RecordingFilter): Recordings => {
  const pages = useInfiniteQuery({
    queryKey: [RECORDINGS_KEY, query],
    queryFn: ({ pageParam }) => readRecordings(query, pageParam),
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
