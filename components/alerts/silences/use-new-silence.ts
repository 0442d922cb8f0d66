"use client";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { matcherOf, PATTERNS, type Matcher, type Patterns } from "./mute-draft";

const ONE = ["1"] as const;
const parsers = {
  new: parseAsStringLiteral(ONE),
  ...(Object.fromEntries(PATTERNS.map((one) => [one, parseAsString])) as Record<
    (typeof PATTERNS)[number],
    typeof parseAsString
  >),
};
const CLOSED = { new: null, rule: null, service: null, environment: null, endpoint: null, user: null };

interface NewSilence {
  open: boolean;
  /** What the address asks to be muted. */
  matcher: Matcher;
  setOpen: (open: boolean) => void;
}

/** Whether a silence is being made, and of what: it stands in the address, so that other pages can lead to it. */
export function useNewSilence(): NewSilence {
  const [asked, setAsked] = useQueryStates(parsers, { history: "replace" });
  const matcher = useMemo(
    () => matcherOf(Object.fromEntries(PATTERNS.map((one) => [one, asked[one] ?? ""])) as Patterns),
    [asked],
  );
  return { open: asked.new !== null, matcher, setOpen: (open) => void setAsked(open ? { new: "1" } : CLOSED) };
}
