import pg from "pg";

/** Rows of each table. */
export const ROWS = Number(process.env["BENCH_COUNT_ROWS"] ?? 5_000_000);
/** Which tables to make and compare; all by default. */
const ONLY = process.env["BENCH_COUNT_TABLES"]?.split(",");
export const isWanted = (table: string): boolean => ONLY?.includes(table) ?? true;
export const TENANT = "bench_tenant";

/** Statistics are made where a table says so, and by nobody else. */
const QUIET = "WITH (autovacuum_enabled = false)";
const COLUMNS = "id int, kind int, amount int, day date, city int, zip int, note text";
/** A harmonic-like skew: value k of 1,000 is there about 1/k as often as value 1. */
const ZIPF = "floor(exp(random() * ln(1000)))::int";

/** Made by the database, the same each time. `zip` tells `city`, all else is independent. */
function rowsOf({ kind, tenant = "" }: { kind: string; tenant?: string }): string {
  return `SELECT n, ${kind}, floor(random() * 1000000)::int, date '2026-01-01' + floor(random() * 360)::int,
    n % 2000 / 100, n % 2000, md5(n::text)${tenant} FROM generate_series(1, ${ROWS}) n`;
}

const TABLES: Record<string, string[]> = {
  uniform: [
    `CREATE UNLOGGED TABLE uniform (${COLUMNS}) ${QUIET}`,
    `INSERT INTO uniform ${rowsOf({ kind: "floor(random() * 100)::int" })}`,
    "CREATE INDEX ON uniform (day)",
    "ANALYZE uniform",
  ],
  zipf: [
    `CREATE UNLOGGED TABLE zipf (${COLUMNS}) ${QUIET}`,
    `INSERT INTO zipf ${rowsOf({ kind: ZIPF })}`,
    "CREATE INDEX ON zipf (kind)",
    "ANALYZE zipf",
  ],
  partitioned: [
    `CREATE TABLE partitioned (${COLUMNS}) PARTITION BY RANGE (day)`,
    ...Array.from({ length: 12 }, (_, n) => {
      const [from, to] = [`date '2026-01-01' + ${n * 30}`, `date '2026-01-01' + ${n * 30 + 30}`];
      return `CREATE UNLOGGED TABLE partitioned_${n} PARTITION OF partitioned FOR VALUES FROM (${from}) TO (${to}) ${QUIET}`;
    }),
    `INSERT INTO partitioned ${rowsOf({ kind: ZIPF })}`,
    ...Array.from({ length: 12 }, (_, n) => `ANALYZE partitioned_${n}`),
  ],
  secured: [
    `CREATE UNLOGGED TABLE secured (${COLUMNS}, tenant int) ${QUIET}`,
    `INSERT INTO secured ${rowsOf({ kind: "floor(random() * 20)::int", tenant: ", floor(exp(random() * ln(50)))::int" })}`,
    "CREATE INDEX ON secured (tenant)",
    "ANALYZE secured",
    "ALTER TABLE secured ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY own ON secured USING (tenant = current_setting('app.tenant')::int)",
    `CREATE ROLE ${TENANT} LOGIN PASSWORD '${TENANT}'`,
    `GRANT SELECT ON secured TO ${TENANT}`,
  ],
  fresh: [`CREATE UNLOGGED TABLE fresh ${QUIET} AS SELECT * FROM uniform`],
  user_label: [
    "INSERT INTO service (name) VALUES ('shop'), ('blog'), ('mail')",
    `INSERT INTO user_label (service_id, user_key, label, seen_on) SELECT 1 + n % 3, n, md5(n::text),
      date '2026-01-01' + n % 360 FROM generate_series(1, ${ROWS}) n`,
    "ANALYZE user_label",
  ],
};

/** Makes all tables of the bench. Takes some minutes. */
export async function makeTables(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("SELECT setseed(0.5)");
  for (const [table, statements] of Object.entries(TABLES)) {
    if (!isWanted(table)) continue;
    console.log(`making ${table}`);
    for (const statement of statements) await client.query(statement);
  }
  await client.end();
}
