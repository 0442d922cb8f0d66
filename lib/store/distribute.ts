import { Client } from "pg";
import { TailfillError } from "../errors.ts";
import { DISTRIBUTED, type Distributed, REFERENCE, STORE_BATCH } from "./distribution.ts";
import { MIGRATION_LOCK } from "./migrate.ts";

/** What is asked of a cluster. */
export interface Cluster {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Something that was done, or was done before. */
export interface Placed {
  name: string;
  how: string;
  isNew: boolean;
}

/**
 * Places tables on the machines of a Citus cluster as `distribution.ts` says, and moves there what they hold. What is placed already stays.
 * @throws TailfillError `citus_missing` when the database is no such cluster; `database_unavailable`
 */
export async function distribute(url: string): Promise<Placed[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000, application_name: "tailfill" });
  client.on("error", () => undefined); // told by the query that fails
  try {
    await client.connect();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TailfillError("database_unavailable", `The database cannot be reached: ${reason}`, { cause });
  }
  try {
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    return await placeTables(client);
  } finally {
    await client.end().catch(() => undefined); // the lock goes with the connection
  }
}

/** As `distribute`, on a connection that is there. */
export async function placeTables(cluster: Cluster): Promise<Placed[]> {
  await requireCitus(cluster);
  // A local table that refers to a copied one is known to Citus as well, until it is placed itself.
  const there = await namesOf(
    cluster,
    "SELECT logicalrelid::text AS name FROM pg_dist_partition WHERE partmethod = 'h' OR repmodel = 't'",
  );
  const placed: Placed[] = [];
  for (const table of REFERENCE)
    placed.push(
      await placeTable(cluster, { name: table, how: "a copy on every machine", isNew: !there.has(table) }, [
        "create_reference_table",
        [table],
      ]),
    );
  for (const one of DISTRIBUTED)
    placed.push(
      await placeTable(
        cluster,
        { name: one.table, how: `by ${one.column}`, isNew: !there.has(one.table) },
        creationOf(one),
      ),
    );
  // What was copied away is still here as well. One that others refer to may be cut off only after they are placed.
  for (const { name } of placed.filter(({ isNew }) => isNew))
    await cluster.query("SELECT truncate_local_data_after_distributing_table($1)", [name]);
  return [...placed, await placeFunction(cluster)];
}

async function requireCitus(cluster: Cluster): Promise<void> {
  const names = await namesOf(cluster, "SELECT extname AS name FROM pg_extension WHERE extname = 'citus'");
  if (names.size > 0) return;
  const available = await namesOf(cluster, "SELECT name FROM pg_available_extensions WHERE name = 'citus'");
  const why =
    available.size > 0
      ? "its extension is installed but not created in this database"
      : "its extension is not installed";
  throw new TailfillError("citus_missing", `This PostgreSQL is no Citus cluster: ${why}.`);
}

type Call = readonly [name: string, values: readonly unknown[]];

async function placeTable(cluster: Cluster, placed: Placed, [name, values]: Call): Promise<Placed> {
  const parameters = values.map((_, at) => `$${at + 1}`).join(", ");
  if (placed.isNew) await cluster.query(`SELECT ${name}(${parameters})`, [...values]);
  return placed;
}

/** The first table of a group says where the group lies; the others go there. */
function creationOf({ table, column, group }: Distributed): Call {
  const first = DISTRIBUTED.find((one) => one.group === group)!.table;
  return ["create_distributed_table", [table, column, "hash", first === table ? "none" : first]];
}

/** The function that stores a batch runs on the machine that has the batch's slot. */
async function placeFunction(cluster: Cluster): Promise<Placed> {
  const found = await namesOf(
    cluster,
    "SELECT objid::regprocedure::text AS name FROM pg_catalog.pg_dist_object WHERE classid = 'pg_proc'::regclass AND distribution_argument_index IS NOT NULL",
  );
  const name = STORE_BATCH.slice(0, STORE_BATCH.indexOf("("));
  const isNew = ![...found].some((known) => known.startsWith(`${name}(`));
  if (isNew)
    await cluster.query("SELECT create_distributed_function($1, distribution_arg_name := $2, colocate_with := $3)", [
      STORE_BATCH,
      "new_slot",
      "batch",
    ]);
  return { name, how: "on the machine of the slot", isNew };
}

async function namesOf(cluster: Cluster, text: string): Promise<Set<string>> {
  const { rows } = await cluster.query(text);
  return new Set((rows as { name: string }[]).map(({ name }) => name));
}
