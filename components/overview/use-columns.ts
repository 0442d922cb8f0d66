"use client";
import { parseAsArrayOf, parseAsString, useQueryState } from "nuqs";
import { useCallback, useEffect, useMemo } from "react";
import { ENDPOINT_COLUMNS } from "./endpoint-columns";

const KEY = "tailfill-endpoint-columns";
const IDS = ENDPOINT_COLUMNS.slice(1).map(({ id }) => id);
const USUAL = ENDPOINT_COLUMNS.slice(1)
  .filter(({ extra }) => !extra)
  .map(({ id }) => id);

const parser = parseAsArrayOf(parseAsString);

/**
 * Which columns are shown besides the name: as the address says, so that a link shows the same ones. They are remembered in
 * the browser, and put into the address when it says nothing.
 */
export function useColumns(): { visible: Record<string, boolean>; show: (id: string, shown: boolean) => void } {
  const [asked, setAsked] = useQueryState("columns", parser);
  const chosen = useMemo(() => IDS.filter((id) => (asked ?? USUAL).includes(id)), [asked]);
  useEffect(() => {
    const kept = asked === null ? readKept() : null;
    if (kept !== null && !isUsual(kept)) void setAsked(kept);
  }, [asked, setAsked]);
  const show = useCallback(
    (id: string, shown: boolean) => {
      const next = IDS.filter((one) => (one === id ? shown : chosen.includes(one)));
      keep(next);
      void setAsked(isUsual(next) ? null : next);
    },
    [chosen, setAsked],
  );
  const visible = useMemo(() => Object.fromEntries(IDS.map((id) => [id, chosen.includes(id)])), [chosen]);
  return { visible, show };
}

const isUsual = (ids: readonly string[]) => ids.join() === USUAL.join();

function readKept(): string[] | null {
  try {
    const text = localStorage.getItem(KEY);
    const list: unknown = text === null ? null : JSON.parse(text);
    return Array.isArray(list) ? IDS.filter((id) => list.includes(id)) : null;
  } catch {
    return null;
  }
}

/** A browser that keeps nothing still has the address. */
function keep(ids: readonly string[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(ids));
  } catch {
    return;
  }
}
