import { afterAll } from "vitest";
import { citusRefusals } from "./citus-limits.ts";
import { tapStatements } from "./statement-tap.ts";

/**
 * In every suite with a database: what this process asks of it is held against what Citus refuses. Where a test's own statement is
 * refused, write it so that it is not, or ask a table that is not distributed.
 */
const seen = new Set<string>();
const refused = new Map<string, string[]>();

const stop = tapStatements(({ text }) => {
  const shape = text.replaceAll(/\$\d+|'[^']*'|\d+/g, "?");
  if (seen.has(shape)) return;
  seen.add(shape);
  const why = citusRefusals(text);
  if (why.length > 0) refused.set(shape, why);
});

afterAll(() => {
  stop();
  if (refused.size === 0) return;
  const told = [...refused].map(
    ([shape, why]) => `${why.join("; ")}:\n  ${shape.replaceAll(/\s+/g, " ").slice(0, 600)}`,
  );
  throw new Error(`Citus would refuse statements of this suite:\n${told.join("\n")}`);
});
