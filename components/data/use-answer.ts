"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { AnswerError, fetchAnswer } from "./fetch-answer";

/** What the server already read for the page, so that the first paint has figures. */
export interface Initial<T> {
  search: string;
  answer: T;
  /** When it was read, Unix ms. */
  at: number;
}

export interface Asked<T> {
  answer: T | undefined;
  error: AnswerError | null;
  /** When the answer shown was read, Unix ms. */
  updatedAt: number;
  /** Whether the answer shown is of another question than the one asked now. */
  stale: boolean;
  retry: () => void;
}

export interface Question<T> {
  path: string;
  search: string;
  initial?: Initial<T>;
  /** How often to ask again while the tab is visible; `false` = never. */
  refreshMs?: number | false;
}

/** Asks one of the dashboard's data addresses and keeps what was shown until the next answer is there. */
export function useAnswer<T>({ path, search, initial, refreshMs = false }: Question<T>): Asked<T> {
  const known = initial?.search === search ? initial : undefined;
  const query = useQuery<T, AnswerError>({
    queryKey: [path, search],
    queryFn: ({ signal }) => fetchAnswer<T>(search === "" ? path : `${path}?${search}`, signal),
    refetchInterval: refreshMs,
    placeholderData: keepPreviousData,
    retry: (failures, error) => failures < 2 && error.mayPass,
    ...(known ? { initialData: known.answer, initialDataUpdatedAt: known.at } : {}),
  });
  return {
    answer: query.data,
    error: query.error,
    updatedAt: query.dataUpdatedAt,
    stale: query.isPlaceholderData,
    retry: () => void query.refetch(),
  };
}
