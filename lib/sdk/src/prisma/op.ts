/** What Prisma (from 7.1) tells a comment plugin of a statement. */
interface CommentContext {
  query: { modelName?: string | undefined; action: string };
}

export type CommentPlugin = (context: CommentContext) => Record<string, string | undefined>;

const KEY = "tailfill_op";

/**
 * Prisma knows model and action when it makes a statement, the driver adapter does not: this plugin writes them behind
 * the statement, in Prisma's own way, and {@link takeOp} takes them away again.
 */
export const opPlugin: CommentPlugin = ({ query: { modelName, action } }) => ({
  [KEY]: modelName === undefined ? action : `${modelName}.${action}`,
});

export interface WithOp {
  sql: string;
  op: string | undefined;
}

/** The statement as it was before the plugin, with what other plugins wrote, and the op. */
export function takeOp(sql: string): WithOp {
  // Values are percent-encoded: there is no slash in a comment, and no comma in its values.
  const start = sql.endsWith("*/") ? sql.lastIndexOf(" /*") : -1;
  if (start < 0) return { sql, op: undefined };
  const tags = sql.slice(start + 3, -2).split(",");
  const own = tags.find((tag) => tag.startsWith(`${KEY}='`));
  if (own === undefined) return { sql, op: undefined };
  const others = tags.filter((tag) => tag !== own).join(",");
  return { sql: sql.slice(0, start) + (others === "" ? "" : ` /*${others}*/`), op: own.slice(KEY.length + 2, -1) };
}
