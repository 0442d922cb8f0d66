"use client";
import { useRouter, useSearchParams } from "next/navigation";
import { Suspense, useEffect, useRef, useState } from "react";
import { keptSearch } from "@/components/range/kept-search";
import { Dialog } from "@/components/ui/dialog";
import { PLACES } from "./places";

const KEYS: readonly (readonly [keys: string, does: string])[] = [
  ["/", "search the list on this page; Enter goes on to what is found"],
  ["↑  ↓", "row by row in a table, Enter opens"],
  ["←  →", "step by step in a chart; in a table's row, what its figures say"],
  ["t", "choose the range of time"],
  ["[  ]", "one range back, forward"],
  ["−", "zoom out"],
  ...PLACES.map((place) => [`g ${place.key}`, `go to ${place.label}`] as const),
  ["?", "show these keys"],
];

/** Keys that work anywhere but in a field. What a page answers itself is marked by `data-shortcut`. */
export function Shortcuts() {
  return (
    <Suspense>
      <Listener />
    </Suspense>
  );
}

function Listener() {
  const [open, setOpen] = useState(false);
  const router = useRouter();
  const search = useSearchParams();
  const waiting = useRef(0);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
      if (performance.now() - waiting.current < 1_200) {
        waiting.current = -Infinity;
        const place = PLACES.find((p) => p.key === event.key);
        if (place) return router.push(place.href + (place.figures ? keptSearch(search) : ""));
      }
      if (event.key === "g") waiting.current = performance.now();
      else if (event.key === "?") setOpen(true);
      else if (press(event.key)) event.preventDefault();
    };
    waiting.current = -Infinity;
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [router, search]);
  return (
    <Dialog title="Keys" open={open} onOpenChange={setOpen}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2 text-table">
        {KEYS.map(([keys, does]) => (
          <div key={keys} className="contents">
            <dt>
              <kbd className="rounded border border-line bg-sunken px-1.5 py-0.5 font-mono text-small">{keys}</kbd>
            </dt>
            <dd className="text-muted">{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

/** Focuses the field or presses the button of this page that asked for the key. */
function press(key: string): boolean {
  const element = document.querySelector<HTMLElement>(`[data-shortcut="${CSS.escape(key)}"]`);
  if (!element) return false;
  if (element instanceof HTMLInputElement) element.focus();
  else element.click();
  return true;
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
