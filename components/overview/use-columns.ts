"use client";
import { useCallback, useMemo, useSyncExternalStore } from "react";
import { ENDPOINT_COLUMNS } from "./endpoint-columns";

const KEY = "tailfill-endpoint-columns";
const listeners = new Set<() => void>();

const USUAL = Object.fromEntries(ENDPOINT_COLUMNS.map(({ id, extra }) => [id, !extra]));

function stored(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Which columns this reader shows, remembered in the browser. */
export function useColumns(): { visible: Record<string, boolean>; show: (id: string, shown: boolean) => void } {
  const text = useSyncExternalStore(subscribe, stored, () => "");
  const visible = useMemo(() => ({ ...USUAL, ...read(text) }), [text]);
  const show = useCallback(
    (id: string, shown: boolean) => {
      try {
        localStorage.setItem(KEY, JSON.stringify({ ...visible, [id]: shown }));
      } catch {
        return;
      }
      for (const listener of listeners) listener();
    },
    [visible],
  );
  return { visible, show };
}

function read(text: string): Record<string, boolean> {
  try {
    const value: unknown = JSON.parse(text || "{}");
    const entries = Object.entries(value as Record<string, unknown>);
    return Object.fromEntries(entries.filter((entry): entry is [string, boolean] => typeof entry[1] === "boolean"));
  } catch {
    return {};
  }
}
