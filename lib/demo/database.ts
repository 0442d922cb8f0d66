import { createHash } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import { tailfillPool } from "@tailfill/sdk/pg";
import { tailfillPrisma } from "@tailfill/sdk/prisma";
import pg from "pg";
import { PrismaClient } from "./generated/client.ts";
import { COMMENTS, POSTS, USERS } from "./population.ts";

const SHOP_DATABASE = "tailfill_demo_shop";

/** The shop's Prisma client, of which only the page of relations asks. */
export type ShopPrisma = ReturnType<typeof openShopPrisma>;

export interface ShopDatabase {
  /** Wrapped as README says, so that the statements of each request are known. */
  pool: pg.Pool;
  /** Its address, with the shop's own role. */
  url: string;
  /** Whether the role is the shop's own: a query guard refuses to run as one that may do more. */
  hasOwnRole: boolean;
}

/** Opens the shop's own database beside tailfill's, and makes it on the first run. */
export async function openShopDatabase(tailfillUrl: string, name = SHOP_DATABASE): Promise<ShopDatabase> {
  const admin = new pg.Client({ connectionString: tailfillUrl });
  await admin.connect();
  const found = await admin.query("select 1 from pg_database where datname = $1", [name]);
  if (found.rowCount === 0) await admin.query(`create database ${name}`);
  // The same at each start: two demos on one database must not lock each other out.
  const password = createHash("sha256").update(`${tailfillUrl} ${name}`).digest("hex");
  const hasOwnRole = await makeRole(admin, name, password);
  await admin.end();
  const owner = new URL(tailfillUrl);
  owner.pathname = `/${name}`;
  await fillOnce(owner.href, hasOwnRole ? name : null);
  const url = new URL(owner);
  if (hasOwnRole) Object.assign(url, { username: name, password });
  const pool = tailfillPool(new pg.Pool({ connectionString: url.href, max: 8, ...SHOP_CONNECTION }));
  pool.on("error", () => undefined); // an idle connection went away: the next query opens another
  return { pool, url: url.href, hasOwnRole };
}

/** Wrapped as README says. Whether its one call is faster by a join or by a query for each table is tried. */
export function openShopPrisma(url: string) {
  return tailfillPrisma({
    adapter: new PrismaPg({ connectionString: url, max: 4, ...SHOP_CONNECTION }),
    client: PrismaClient,
    trials: [{ op: "Post.findMany", endpoint: "GET /users/:id/activity", name: "activity" }],
  });
}

/** A report that runs away takes one core, not all. */
const SHOP_CONNECTION = { application_name: "shop", options: "-c max_parallel_workers_per_gather=0" };

/** Makes a role for the shop; false where this one may make none. */
async function makeRole(admin: pg.Client, role: string, password: string): Promise<boolean> {
  try {
    const found = await admin.query("select 1 from pg_roles where rolname = $1", [role]);
    await admin.query(`${found.rowCount === 0 ? "create" : "alter"} role ${role} login password '${password}'`);
    return true;
  } catch {
    return false;
  }
}

const TABLES = `
  create table person (id int primary key, name text not null, about text not null default '');
  create table post (id int primary key, author_id int not null, title text not null, body text not null, created_at timestamptz not null);
  create table comment (id int primary key, post_id int not null, author_id int not null, body text not null, created_at timestamptz not null);
  create table follow (follower_id int not null, followed_id int not null, primary key (follower_id, followed_id));
  create table cart_item (person_id int not null, product text not null, amount int not null, primary key (person_id, product));`;

const INDEXES = `
  create index on comment (author_id);
  create index on comment (post_id);
  create index on post (author_id, created_at desc);
  analyze;`;

/** Words of a text, drawn by the row's number: repeatable, and different from row to row. */
const words = (count: string) => `(
  select string_agg((array['cache','miss','tail','latency','queue','fill','query','index','percentile','slow','fast','user','page','answer','wait'])[1 + (hashint4(n * 31 + w) & 2147483647) % 15], ' ')
  from generate_series(1, ${count}) w)`;

/** The owner of the n-th of \`total\` things by a Zipf law with exponent 1: the inverse of its logarithmic running sum. */
const zipfOwner = (total: number) =>
  `least(${USERS}, greatest(1, floor(exp(ln(${USERS} + 1) * ((n * 7919) % ${total})::float8 / ${total}))::int))`;

async function fillOnce(url: string, role: string | null): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const done = await client.query("select to_regclass('filled') is not null as done");
    if (!done.rows[0].done) await fill(client);
    if (role !== null)
      await client.query(`grant select, insert, update, delete on all tables in schema public to ${role}`);
  } finally {
    await client.end();
  }
}

async function fill(client: pg.Client): Promise<void> {
  try {
    await client.query("begin");
    await client.query("drop table if exists person, post, comment, follow, cart_item cascade");
    await client.query(TABLES);
    await client.query(`insert into person select n, 'u_' || n from generate_series(1, ${USERS}) n`);
    await client.query(
      `insert into post select n, ${zipfOwner(POSTS)}, 'Post ' || n, ${words("40")}, now() - n * interval '7 minutes' from generate_series(1, ${POSTS}) n`,
    );
    await client.query(
      `insert into comment select n, 1 + (hashint4(n) & 2147483647) % ${POSTS}, ${zipfOwner(COMMENTS)}, ${words("32")}, now() - n * interval '40 seconds' from generate_series(1, ${COMMENTS}) n`,
    );
    await client.query(
      `insert into follow select distinct f, 1 + (hashint4(f * 131 + n) & 2147483647) % ${USERS}
       from generate_series(1, ${USERS}) f, generate_series(1, least(400, 4 + 1200 / f)) n`,
    );
    await client.query(
      `insert into cart_item select n, 'product ' || i, i from generate_series(1, ${USERS}) n, generate_series(1, 1 + n % 5) i`,
    );
    await client.query(INDEXES);
    await client.query("create table filled ()");
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}
