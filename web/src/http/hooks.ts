// Reading and writing from components, on TanStack Query. A read is keyed by its path and query, so
// that a write can say which paths it made old.
import {
  type InfiniteData,
  keepPreviousData,
  QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useRef } from "react";

import { isProblem, type Problem } from "./problem";
import { intent, type Method, type Options, type Query, request } from "./request";

export interface Paged<T> {
  items: T[];
  next_cursor?: string | null;
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: true,
        retry: (count, error) => count < 1 && isProblem(error) && error.status >= 500,
      },
    },
  });
}

/** Reads `path`; `null` waits. */
export function useRead<T>(
  path: string | null,
  query?: Query,
  options?: { refetchInterval?: number; staleTime?: number; keep?: boolean },
) {
  return useQuery<T, Problem>({
    queryKey: [path, query ?? {}],
    queryFn: ({ signal }) => request<T>("GET", path ?? "", { query, signal }),
    enabled: path !== null,
    ...(options?.refetchInterval ? { refetchInterval: options.refetchInterval } : {}),
    ...(options?.staleTime ? { staleTime: options.staleTime } : {}),
    ...(options?.keep ? { placeholderData: keepPreviousData } : {}),
  });
}

/** Reads a list page by page; `rows` are those that came so far. */
export function usePages<T>(path: string | null, query?: Query, limit = 50) {
  const result = useInfiniteQuery<
    Paged<T>,
    Problem,
    InfiniteData<Paged<T>>,
    unknown[],
    string | null
  >({
    queryKey: [path, { ...query, pages: limit }],
    queryFn: ({ pageParam, signal }) =>
      request<Paged<T>>("GET", path ?? "", {
        query: { ...query, limit, cursor: pageParam },
        signal,
      }),
    initialPageParam: null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    enabled: path !== null,
  });
  const rows = result.data?.pages.flatMap((page) => page.items) ?? [];
  return { ...result, rows };
}

export interface Write extends Omit<Options, "key" | "signal"> {
  method?: Method;
  path: string;
}

/**
 * A write. One call of `mutate` is one intent of a person; pressing again after a failure of the way
 * (no answer) repeats the same intent under the same key. `stale`: the paths, with all below them,
 * that are read anew afterwards.
 */
export function useWrite<T = unknown>(settings: {
  stale?: string[];
  done?: (answer: T, write: Write) => void;
}) {
  const client = useQueryClient();
  const last = useRef<{ print: string; key: string } | null>(null);
  return useMutation<T, Problem, Write>({
    mutationFn: async ({ method = "POST", path, ...options }) => {
      const print = JSON.stringify([method, path, options.query, printed(options.body)]);
      const key = last.current?.print === print ? last.current.key : intent();
      last.current = { print, key };
      try {
        const answer = await request<T>(method, path, { ...options, key });
        last.current = null;
        return answer;
      } catch (error) {
        if (!isProblem(error) || error.status !== 0) last.current = null;
        throw error;
      }
    },
    onSuccess: async (answer, write) => {
      settings.done?.(answer, write);
      await Promise.all((settings.stale ?? []).map((path) => refresh(client, path)));
    },
  });
}

/** Reads anew all that lies at or below `path`. */
export function refresh(client: QueryClient, path: string): Promise<void> {
  return client.invalidateQueries({
    predicate: ({ queryKey: [read] }) =>
      typeof read === "string" && (read === path || read.startsWith(`${path}/`)),
  });
}

function printed(body: unknown): unknown {
  if (body instanceof Blob) return [body.size, body.type];
  if (body instanceof FormData) {
    return [...body].map(([name, part]) =>
      part instanceof File ? [name, part.name, part.size, part.lastModified] : [name, part],
    );
  }
  return body;
}
