import { judgeRepeat, shapeOf } from "../../../loading/index.ts";
import type { RepeatReport } from "../../../wire/index.ts";
import { fixOf } from "./fix.ts";
import type { Models } from "./models.ts";
import type { ToldHour } from "./repeat-book.ts";

/** What the server is told of a statement's hour. It judges by the hours of all instances, so it gets the fix for each verdict. */
export function repeatReport(
  { followed, hourMs, sums }: ToldHour,
  site: string | undefined,
  models: Models | undefined,
): RepeatReport {
  const { endpoint, fingerprint, text, op } = followed;
  const { writes, list } = shapeOf(text);
  const parent = judgeRepeat({ writes, list }, sums).parent ?? sums.parents[0];
  const fix = (kind: "n_plus_one" | "duplicates" | "write_loop") =>
    fixOf({ kind, text, fingerprint, op, parentOp: parent?.op, models });
  const { counts, saved, parents, ...flat } = sums;
  return {
    hour: new Date(hourMs).toISOString(),
    endpoint,
    statement: fingerprint,
    writes,
    list,
    op: op ?? null,
    site: site ?? null,
    fixes: {
      duplicates: fix("duplicates"),
      ...(writes ? { write_loop: fix("write_loop") } : { n_plus_one: fix("n_plus_one") }),
    },
    ...flat,
    counts: [...counts],
    saved: [...saved],
    parents: parents.map(({ fingerprint: statement, op: ofParent, ...rest }) => ({
      ...rest,
      statement,
      op: ofParent ?? null,
    })),
  };
}
