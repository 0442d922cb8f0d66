"use client";
import { keepPreviousData, useQueries } from "@tanstack/react-query";
import { parseAsArrayOf, parseAsString, useQueryState } from "nuqs";
import { useCallback, useMemo } from "react";
import type { AxisLine } from "@/components/charts/axis-rows";
import { type AnswerError, fetchAnswer } from "@/components/data/fetch-answer";
import { shownShort } from "@/components/format/shown";
import type { UserAxisAnswer } from "@/lib/query/answers";

/** How a chosen user's line looks, by its place among the chosen. More than these could not be told apart. */
const LOOKS = [
  { colour: "var(--user-1)", dash: "7 2" },
  { colour: "var(--user-2)", dash: "2 2" },
  { colour: "var(--user-3)", dash: "9 2 2 2" },
  { colour: "var(--user-4)", dash: "4 3" },
  { colour: "var(--user-5)", dash: "1 3 5 3" },
] as const;

export const MOST_USERS = LOOKS.length;

export interface ChosenUser {
  user: string;
  look: (typeof LOOKS)[number];
}

export interface ChosenUsers {
  users: readonly ChosenUser[];
  toggle: (user: string) => void;
  clear: () => void;
}

const parser = parseAsArrayOf(parseAsString).withDefault([]);

/** The users of the tail whose lines are drawn; the address holds them. */
export function useChosenUsers(): ChosenUsers {
  const [list, setList] = useQueryState("users", parser);
  const users = useMemo(
    () => slotsOf(list).flatMap((user, slot) => (user === "" ? [] : [{ user, look: LOOKS[slot]! }])),
    [list],
  );
  const toggle = useCallback(
    (user: string) => void setList((before) => orNothing(toggled(slotsOf(before), user))),
    [setList],
  );
  const clear = useCallback(() => void setList(null), [setList]);
  return { users, toggle, clear };
}

const orNothing = (slots: string[]) => (slots.length === 0 ? null : slots);

/** The places of an address' users, an empty one for nobody: whoever is taken out leaves the others' looks as they are. */
export function slotsOf(list: readonly string[]): string[] {
  const first = list.slice(0, LOOKS.length);
  return first.map((user, slot) => (first.indexOf(user) === slot ? user : ""));
}

/** Takes a user out, or puts one into the first free place if there is any. */
export function toggled(slots: readonly string[], user: string): string[] {
  const next = [...slots];
  const place = next.indexOf(user);
  if (place >= 0) next[place] = "";
  else if (next.includes("")) next[next.indexOf("")] = user;
  else if (next.length < LOOKS.length) next.push(user);
  while (next.at(-1) === "") next.pop();
  return next;
}

interface LinesQuestion {
  endpointId: number;
  users: readonly ChosenUser[];
  /** The range, as parameters. */
  search: string;
  refreshMs: number | false;
}

/** The chosen users' lines for the percentile axis; one that is not there yet is empty. */
export function useUserLines({ endpointId, users, search, refreshMs }: LinesQuestion): AxisLine[] {
  const path = `/data/endpoints/${endpointId}/user`;
  const answers = useQueries({
    queries: users.map(({ user }) => {
      const own = new URLSearchParams({ id: user, ...Object.fromEntries(new URLSearchParams(search)) }).toString();
      return {
        queryKey: [path, own],
        queryFn: ({ signal }: { signal: AbortSignal }) => fetchAnswer<UserAxisAnswer>(`${path}?${own}`, signal),
        refetchInterval: refreshMs,
        placeholderData: keepPreviousData,
        retry: (failures: number, error: AnswerError) => failures < 2 && error.mayPass,
      };
    }),
    combine: (results) => results.map(({ data, isError }) => ({ axis: data?.axis, isError })),
  });
  return useMemo(() => users.map((chosen, index) => lineOf(chosen, answers[index])), [users, answers]);
}

function lineOf(
  { user, look }: ChosenUser,
  answer: { axis: AxisLine["axis"] | undefined; isError: boolean } | undefined,
): AxisLine {
  const name = shownShort(user, 18);
  const axis = answer?.axis;
  const state = answer?.isError ? " (not read)" : axis?.length === 0 ? " (none here)" : "";
  return { key: `user ${user}`, label: name + state, title: shownShort(user, 200), axis: axis ?? [], ...look };
}
