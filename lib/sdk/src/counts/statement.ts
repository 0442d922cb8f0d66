/** Prisma's own `count` of a model. */
const PRISMA = /^SELECT COUNT\(\*\) AS "_count\$_all" FROM \((SELECT [^]+)\) AS "sub"$/;
/** `select count(*) from …`, with a cast or a name. */
const PLAIN =
  /^\s*select\s+count\s*\(\s*\*\s*\)(?:\s*::\s*\w+)?(?:\s+as\s+(?:\w+|"(?:[^"]|"")+")|\s+(?!from\b)\w+)?\s+from\b([^]+)$/i;

/** The statement whose rows Prisma's `count` counts, with the same parameters; undefined for any other statement. */
export function rowsOfPrismaCount(sql: string): string | undefined {
  return PRISMA.exec(sql)?.[1];
}

/**
 * The statement whose rows a `select count(*) from …` counts, with the same parameters. Undefined for what counts no plain rows: groups,
 * limits, unions, several statements.
 */
export function rowsOfPlainCount(sql: string): string | undefined {
  const from = PLAIN.exec(sql)?.[1]?.replace(/[\s;]+$/, "");
  return from === undefined || !isOnlyFromAndWhere(from) ? undefined : `SELECT 1 FROM${from}`;
}

const REST = /^(?:group|having|order|limit|offset|fetch|union|intersect|except|window|for|into|;)$/i;
/** What may hold a word that is none, or a parenthesis. */
const TOKEN =
  /[eE]'(?:[^'\\]|\\[^]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[^]*?\$\1\$|\/\*[^]*?\*\/|--[^\n]*|\w+|[();]/g;

function isOnlyFromAndWhere(from: string): boolean {
  let depth = 0;
  for (const [token] of from.matchAll(TOKEN)) {
    if (token === "(") depth++;
    else if (token === ")") depth--;
    else if (depth === 0 && REST.test(token)) return false;
    // What ends a parenthesis that it did not begin, or a comment, may hide anything.
    if (depth < 0 || token.startsWith("/*") || token.startsWith("--")) return false;
  }
  return depth === 0;
}
