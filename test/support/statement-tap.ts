import pg from "pg";

/** What a statement is asked with: text and values, as pg gets them. */
export interface Asked {
  text: string;
  values: readonly unknown[];
}

type Query = (this: unknown, ...asked: unknown[]) => unknown;

/** Hears of every statement that this process sends to any PostgreSQL, by Prisma or past it. Returns how to stop. */
export function tapStatements(hear: (asked: Asked) => void): () => void {
  const own = pg.Client.prototype as unknown as { query: Query };
  const { query } = own;
  own.query = function (this: unknown, ...asked: unknown[]) {
    const heard = read(asked);
    if (heard !== undefined) hear(heard);
    return query.apply(this, asked);
  };
  return () => void (own.query = query);
}

function read([first, second]: unknown[]): Asked | undefined {
  const values = Array.isArray(second) ? (second as unknown[]) : [];
  if (typeof first === "string") return { text: first, values };
  const { text, values: own } = (first ?? {}) as { text?: unknown; values?: unknown };
  if (typeof text !== "string") return undefined;
  return { text, values: Array.isArray(own) ? (own as unknown[]) : values };
}
