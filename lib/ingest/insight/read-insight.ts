import { TailfillError } from "../../errors.ts";
import { plainWords, problemsOf } from "../../input-problems.ts";
import type { InsightSection, Rejection } from "../../wire/index.ts";
import { INSIGHT_ENTRIES, INSIGHT_FRAME, type InsightEntries } from "../../wire/insight-schema.ts";
import { readEntry } from "../entry.ts";

/** Entries of one section, with their places in the report as it was sent. */
export type ReadSection<Section extends InsightSection> = { path: string; entry: InsightEntries[Section] }[];

/** A report with everything that can be read of it. */
export interface ReadInsight {
  service: string;
  environment: string;
  instance: string;
  sections: { [Section in InsightSection]: ReadSection<Section> };
  rejected: Rejection[];
}

/**
 * Reads an UNTRUSTED report. A bad entry is left out with its path and the reason; the rest is kept.
 * @throws TailfillError `bad_request` when it is no report at all
 */
export function readInsight(body: unknown): ReadInsight {
  const frame = INSIGHT_FRAME.safeParse(body, { error: plainWords });
  if (!frame.success) throw new TailfillError("bad_request", problemsOf(frame.error).join(" "));
  const rejected: Rejection[] = [];
  const { service, environment, instance, v: _, ...given } = frame.data;
  const names = Object.keys(INSIGHT_ENTRIES) as InsightSection[];
  const sections = Object.fromEntries(names.map((name) => [name, readSection(name, given[name] ?? [], rejected)]));
  return { service, environment, instance, sections: sections as ReadInsight["sections"], rejected };
}

function readSection(section: InsightSection, entries: readonly unknown[], rejected: Rejection[]) {
  return entries.flatMap((given, place) => {
    const path = `${section}[${place}]`;
    const entry = readEntry(INSIGHT_ENTRIES[section] as never, given, { path, rejected });
    return entry === undefined ? [] : [{ path, entry }];
  });
}
