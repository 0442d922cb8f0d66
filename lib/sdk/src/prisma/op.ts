/** What Prisma (from 7.1) tells a comment plugin of a statement. */
interface CommentContext {
  query: { modelName?: string | undefined; action: string };
  sql?: string | undefined;
}

export type CommentPlugin = (context: CommentContext) => Record<string, string | undefined>;

export interface Ops {
  /** Writes no comment: it only listens. */
  plugin: CommentPlugin;
  /** Model and action of the statement that is handed to the driver adapter now, as `User.findMany`. */
  take(sql: string): string | undefined;
}

const NOTHING = {};

/**
 * Prisma knows model and action when it makes a statement, and the driver adapter does not. Prisma asks its comment plugins
 * and hands the statement on in one go, with the plugins' comments behind: what was told last is of this statement, or,
 * should that ever change, of another text, and then nothing is said.
 */
export function createOps(): Ops {
  let told: { sql: string; op: string } | undefined;
  return {
    plugin({ query: { modelName, action }, sql }) {
      told = sql === undefined ? undefined : { sql, op: modelName === undefined ? action : `${modelName}.${action}` };
      return NOTHING;
    },
    take(sql) {
      const last = told;
      told = undefined;
      return last !== undefined && sql.startsWith(last.sql) ? last.op : undefined;
    },
  };
}
