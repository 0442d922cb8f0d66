import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DISTRIBUTED, LOCAL, REFERENCE, STORE_BATCH } from "@/lib/store/distribution";
import { type Cluster, distribute, placeTables } from "@/lib/store/distribute";
import { citusRefusals } from "../support/citus-limits.ts";
import { testDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
beforeAll(async () => void (database = await testDatabase()));
afterAll(() => database.drop());

const rows = <Row>(sql: string) => database.db.$queryRawUnsafe<Row[]>(sql);

describe("the list of where tables lie", () => {
  test("has every table, each once", async () => {
    const found = await rows<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND c.relnamespace = 'public'::regnamespace`,
    );
    const listed = [...DISTRIBUTED.map(({ table }) => table), ...REFERENCE, ...LOCAL];
    expect(listed.toSorted()).toEqual(found.map(({ name }) => name).toSorted());
  });

  test("distributes by a column that every unique key has", async () => {
    const keys = await rows<{ table: string; key: string; columns: string[] }>(
      `SELECT t.relname AS "table", k.relname AS key, array_agg(a.attname::text) AS columns
       FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_class k ON k.oid = i.indexrelid
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY(i.indkey)
       WHERE i.indisunique AND NOT t.relispartition AND t.relnamespace = 'public'::regnamespace GROUP BY 1, 2`,
    );
    for (const { table, column } of DISTRIBUTED) {
      const own = keys.filter((key) => key.table === table);
      expect(own.length, table).toBeGreaterThan(0);
      for (const { key, columns } of own) expect(columns, key).toContain(column);
    }
  });

  test("has columns of one type in a group", async () => {
    const types = await rows<{ table: string; column: string; type: string }>(
      `SELECT table_name AS "table", column_name AS column, data_type AS type FROM information_schema.columns
       WHERE table_schema = 'public'`,
    );
    const typeOf = ({ table, column }: (typeof DISTRIBUTED)[number]) =>
      types.find((one) => one.table === table && one.column === column)?.type;
    for (const group of new Set(DISTRIBUTED.map((one) => one.group)))
      expect(new Set(DISTRIBUTED.filter((one) => one.group === group).map(typeOf)).size, group).toBe(1);
  });

  test("lets no reference cross machines, and no trigger or sequence hang on what is distributed", async () => {
    const distributed = `('${DISTRIBUTED.map(({ table }) => table).join("','")}')`;
    const references = await rows<{ from: string; to: string }>(
      `SELECT f.relname AS "from", t.relname AS "to" FROM pg_constraint c JOIN pg_class f ON f.oid = c.conrelid
         JOIN pg_class t ON t.oid = c.confrelid WHERE c.contype = 'f'`,
    );
    const kindOf = (table: string) =>
      REFERENCE.includes(table)
        ? "reference"
        : DISTRIBUTED.some((one) => one.table === table)
          ? "distributed"
          : "local";
    expect(references.length).toBeGreaterThan(0);
    for (const { from, to } of references) expect([from, to, kindOf(from)]).toEqual([from, to, kindOf(to)]);
    expect(
      await rows(`SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text IN ${distributed}`),
    ).toEqual([]);
    expect(
      await rows(
        `SELECT table_name, column_name FROM information_schema.columns WHERE column_default LIKE 'nextval%' AND table_name IN ${distributed}`,
      ),
    ).toEqual([]);
  });

  test("has a function for batches whose own statements Citus takes", async () => {
    const [found] = await rows<{ body: string }>(`SELECT prosrc AS body FROM pg_proc WHERE proname = 'store_batch'`);
    const statements = found!.body.match(/\b(SELECT|INSERT)\b[^;]+/g) ?? [];
    expect(statements).toHaveLength(4);
    for (const statement of statements) expect(citusRefusals(statement.replace(/INTO digest /, ""))).toEqual([]);
  });

  test("names the function as it is", async () => {
    const [found] = await rows<{ name: string }>(
      `SELECT format('%s(%s)', proname, pg_get_function_identity_arguments(oid)) AS name FROM pg_proc WHERE proname = 'store_batch'`,
    );
    const types = (text: string) => [...text.matchAll(/\b(smallint|uuid|date|bytea|text)\b/g)].map(([type]) => type);
    expect(types(found!.name.replace(/OUT .*/, ""))).toEqual(types(STORE_BATCH));
    expect(found!.name).toContain("new_slot smallint");
  });
});

test("what is no Citus cluster is told, and nothing is changed", async () => {
  await expect(distribute(database.url)).rejects.toMatchObject({ code: "citus_missing" });
  await expect(distribute("postgresql://postgres@127.0.0.1:1/x")).rejects.toMatchObject({
    code: "database_unavailable",
  });
});

/** Answers as a coordinator would: what Citus keeps in its tables, and nothing else. */
class FakeCluster implements Cluster {
  readonly placed = new Set<string>();
  readonly functions = new Set<string>();
  readonly calls: string[] = [];

  query(text: string, values: unknown[] = []): Promise<{ rows: unknown[] }> {
    if (text.includes("pg_extension")) return this.names(["citus"]);
    if (text.includes("pg_dist_partition")) return this.names([...this.placed]);
    if (text.includes("pg_dist_object")) return this.names([...this.functions]);
    const [, name] = /^SELECT (\w+)\(/.exec(text) ?? [];
    this.calls.push(`${name}(${values.join(", ")})`);
    if (name === "create_distributed_function")
      this.functions.add("store_batch(smallint,uuid,date,bytea,text,text,bytea)");
    else if (name?.startsWith("create_")) this.placed.add(String(values[0]));
    return Promise.resolve({ rows: [] });
  }

  private names(names: string[]): Promise<{ rows: unknown[] }> {
    return Promise.resolve({ rows: names.map((name) => ({ name })) });
  }
}

test("tables are placed in the order that Citus wants, once, and what is new later is placed later", async () => {
  const cluster = new FakeCluster();
  const first = await placeTables(cluster);
  expect(first.every(({ isNew }) => isNew)).toBe(true);
  expect(cluster.calls.slice(0, 2)).toEqual(["create_reference_table(service)", "create_reference_table(endpoint)"]);
  expect(cluster.calls).toContain("create_distributed_table(endpoint_window_10s, endpoint_id, hash, none)");
  expect(cluster.calls).toContain("create_distributed_table(user_window_1d, endpoint_id, hash, endpoint_window_10s)");
  expect(cluster.calls).toContain("create_distributed_table(batch_receipt, slot, hash, batch)");
  const cut = cluster.calls.indexOf("truncate_local_data_after_distributing_table(service)");
  expect(cluster.calls.slice(0, cut).filter((call) => call.startsWith("create_")).length).toBe(first.length - 1);
  expect(cluster.calls.at(-1)).toBe(`create_distributed_function(${STORE_BATCH}, new_slot, batch)`);
  const before = cluster.calls.length;
  cluster.placed.delete("user_label");
  const second = await placeTables(cluster);
  expect(second.filter(({ isNew }) => isNew).map(({ name }) => name)).toEqual(["user_label"]);
  expect(cluster.calls.length - before).toBe(2);
});
