import type { Plan } from "./plan.ts";

/** What the catalogue says of the tables of a plan. */
export interface Facts {
  /** Whether their statistics are missing, or of a time when they were less than half as large. */
  stale: boolean;
  /** Whether row-level security applies: statistics are then used for few operators. */
  secured: boolean;
}

/** Whether a plan's estimate needs facts about its tables to be trusted: it does once a condition is estimated. */
export function needsFacts(plan: Plan): boolean {
  return plan.conditions.length > 0 && !hasDoubts(plan, { stale: false, secured: false });
}

/**
 * Whether an estimate may be off by more than statistics of tables are as a rule, so that it is not to be trusted before it
 * was seen to be good: joins, conditions that no statistics are kept for, tables without statistics.
 */
export function hasDoubts(plan: Plan, facts: Facts): boolean {
  if (plan.joins) return true;
  if (plan.conditions.length === 0) return false;
  return facts.stale || plan.conditions.some((condition) => isOdd(bare(condition), facts.secured));
}

const LITERAL = /'(?:[^']|'')*'/g;
/** A column, which `VERBOSE` writes with its table: `posts."authorId"`. */
const COLUMN = /(?:"(?:[^"]|"")*"|[\w$]+)\.("(?:[^"]|"")*"|[\w$]+)/g;

/** Whether conditions are on several columns. The planner takes them for independent, and they may well say the same. */
export function mayCorrelate({ conditions }: Plan): boolean {
  const text = conditions.join(" ").replaceAll(LITERAL, "");
  return new Set([...text.matchAll(COLUMN)].map(([, column]) => column)).size > 1;
}

/** A condition without literals and casts; a column in quotes is a word. */
function bare(condition: string): string {
  return condition
    .replaceAll(/"(?:[^"]|"")*"/g, "quoted")
    .replaceAll(LITERAL, "")
    .replaceAll(/::[a-z_][\w ]*(?:\([\d,]+\))?(?:[a-z ]*)(?:\[\])*/gi, "");
}

/** Operators that statistics are kept for. With row-level security only those that give nothing of a row away are estimated by them. */
const KNOWN = /^(?:=|<>|<|>|<=|>=|~~|~~\*|!~~|!~~\*)$/;
const LEAKPROOF = /^(?:=|<>|<|>|<=|>=)$/;
const OPERATOR = /[-+*/<>=~!@#%^&|`?]+/g;
const NO_FUNCTION = /^(?:and|or|not|any|all|in|is|row)$/i;

function isOdd(condition: string, secured: boolean): boolean {
  const plain = withoutConstants(condition);
  const known = secured ? LEAKPROOF : KNOWN;
  if ([...plain.matchAll(OPERATOR)].some(([operator]) => !known.test(operator))) return true;
  return [...plain.matchAll(/(\w+)\s*\(/g)].some(([, name]) => !NO_FUNCTION.test(name!));
}

/** A call: its arguments hold no word and no other call, so that they are values. The planner computes those itself. */
const CALL = /\b(?!(?:and|or|not|any|all|in|is)\b)[a-z_][\w.]*\([^()a-z_]*\)/gi;
/** What is left of arithmetic on values. */
const ARITHMETIC = /\(\s*[-+*/]\s*[\d.]*\s*\)|\(\s*\)/g;

function withoutConstants(condition: string): string {
  let plain = condition;
  for (let before = ""; before !== plain;) {
    before = plain;
    plain = plain.replaceAll(CALL, "").replaceAll(ARITHMETIC, "");
  }
  return plain;
}
