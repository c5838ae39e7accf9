// Pages that follow one another by a number: what came so far, and the next one on demand.
import { useInfiniteQuery, type InfiniteData } from "@tanstack/react-query";

import type { Problem } from "../../../http/problem";
import { type Query, request } from "../../../http/request";

interface Cursored {
  next_cursor?: string | null;
}

/** Reads `path` behind the `next_cursor` of the page before; `null` waits. */
export function useAfter<T extends Cursored>(path: string | null, query: Query = {}) {
  return useInfiniteQuery<T, Problem, InfiniteData<T>, unknown[], string | null>({
    queryKey: [path, { ...query, by: "after" }],
    queryFn: ({ pageParam, signal }) =>
      request<T>("GET", path ?? "", { query: { ...query, after: pageParam }, signal }),
    initialPageParam: null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    enabled: path !== null,
  });
}
