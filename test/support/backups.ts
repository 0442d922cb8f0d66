import { Client } from "pg";
import { BACKED_UP } from "@/lib/store/backup/tables";

/** What every table that a backup holds has in it: rows and a digest over them all, whatever their order. */
export async function contentsOf(url: string): Promise<Record<string, string>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("SET TimeZone = 'UTC'");
    const found: Record<string, string> = {};
    for (const table of BACKED_UP) {
      const { rows } = await client.query<{ what: string }>(
        `SELECT count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '') AS what FROM "${table}" t`,
      );
      found[table] = rows[0]!.what;
    }
    return found;
  } finally {
    await client.end();
  }
}

/** The tables of a database, partitions too. */
export async function tablesOf(url: string): Promise<string[]> {
  return (
    await ask<{ name: string }>(
      url,
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1`,
    )
  ).map(({ name }) => name);
}

export async function ask<Row extends object>(url: string, statement: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}
