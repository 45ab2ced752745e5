/** A long list, page by page. */
import { useInfiniteQuery } from '@tanstack/react-query';

export interface Pages<Item> {
  readonly items: readonly Item[];
  /** Nothing has come yet. */
  readonly loading: boolean;
  /** What is shown is of the filter before, until the new one's has come. */
  readonly outdated: boolean;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  readonly loadMore: () => void;
  readonly reload: () => void;
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string | undefined;
}

/** @param name the first part of the key of all its queries. */
export const usePages = <Query, Item>(
  name: string,
  query: Query,
  read: (query: Query, cursor: string | undefined) => Promise<Page<Item>>,
): Pages<Item> => {
  const pages = useInfiniteQuery({
    queryKey: [name, query],
    queryFn: ({ pageParam }) => read(query, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: (former) => former,
  });
  return {
    items: pages.data?.pages.flatMap((page) => page.items) ?? [],
    loading: pages.isPending,
    outdated: pages.isPlaceholderData,
    error: pages.error,
    hasMore: pages.hasNextPage,
    loadingMore: pages.isFetchingNextPage,
    loadMore: () => void pages.fetchNextPage(),
    reload: () => void pages.refetch(),
  };
};
