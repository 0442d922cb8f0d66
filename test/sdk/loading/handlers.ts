import type { Pool } from "pg";
import type { Blog } from "./blog/client";

export interface Databases {
  pool: Pool;
  prisma: Blog;
}

/** What a handler does to the database, and what is to be found in it: kind and table. `size` varies by request, from 0. */
export interface Handler {
  run: (databases: Databases, size: number) => Promise<unknown>;
  found: string[];
}

const posts = async (
  pool: Pool,
  size: number,
): Promise<{ id: number; author_id: number; editor_id: number | null }[]> =>
  (await pool.query("select id, author_id, editor_id from post order by id limit $1", [size])).rows;
const author = (pool: Pool, id: number) => pool.query("select id, name from author where id = $1", [id]);
const comments = async (pool: Pool, post: number): Promise<{ id: number }[]> =>
  (await pool.query("select id, text from comment where post_id = $1", [post])).rows;
const latest = (prisma: Blog, size: number) => prisma.post.findMany({ orderBy: { id: "asc" }, take: size });
const turn = () => new Promise(setImmediate);

/** A layer between, as apps have them. */
class AuthorService {
  constructor(private readonly prisma: Blog) {}
  async nameOf(id: number): Promise<unknown> {
    return (await this.prisma.author.findFirst({ where: { id } }))?.["name"];
  }
}

async function inOrder<Item>(items: readonly Item[], run: (item: Item, at: number) => Promise<unknown>): Promise<void> {
  for (const [at, item] of items.entries()) await run(item, at);
}

export const HANDLERS: Record<string, Handler> = {
  "pg: one after the other": {
    run: async ({ pool }, size) => inOrder(await posts(pool, size), (post) => author(pool, post.author_id)),
    found: ["n_plus_one author"],
  },
  "pg: at the same time": {
    run: async ({ pool }, size) => Promise.all((await posts(pool, size)).map((post) => author(pool, post.author_id))),
    found: ["n_plus_one author"],
  },
  "pg: values in the text": {
    run: async ({ pool }, size) =>
      inOrder(await posts(pool, size), ({ id }) => pool.query(`select count(*) from comment where post_id = ${id}`)),
    found: ["n_plus_one comment"],
  },
  "pg: behind other statements": {
    run: async ({ pool }, size) => {
      await pool.query("select id from author where name = $1", ["author 1"]);
      const rows = await posts(pool, size);
      await pool.query("select count(*) from post");
      await pool.query("select id from tag limit 7");
      await inOrder(rows, (post) => author(pool, post.author_id));
    },
    found: ["n_plus_one author"],
  },
  "pg: nested": {
    run: async ({ pool }, size) => {
      const { rows } = await pool.query<{ id: number }>("select id from author order by id limit $1", [
        Math.ceil(size / 3),
      ]);
      await inOrder(rows, async ({ id }) => {
        const own = await pool.query<{ id: number }>("select id from post where author_id = $1 and id < 200", [id]);
        await inOrder(own.rows, (post) => comments(pool, post.id));
      });
    },
    found: ["n_plus_one post", "n_plus_one comment"],
  },
  "pg: only for some of the rows": {
    run: async ({ pool }, size) =>
      inOrder(await posts(pool, size * 2), (post) => (post.editor_id === null ? turn() : author(pool, post.editor_id))),
    found: ["n_plus_one author"],
  },
  "pg: two for each row": {
    run: async ({ pool }, size) =>
      inOrder(await posts(pool, size), async (post) => {
        await author(pool, post.author_id);
        await comments(pool, post.id);
      }),
    found: ["n_plus_one author", "n_plus_one comment"],
  },
  "pg: two for each row, at the same time": {
    run: async ({ pool }, size) =>
      Promise.all(
        (await posts(pool, size)).map((post) => Promise.all([author(pool, post.author_id), comments(pool, post.id)])),
      ),
    found: ["n_plus_one author", "n_plus_one comment"],
  },
  "pg: a page of always as many": {
    run: async ({ pool }) => inOrder(await posts(pool, 10), (post) => comments(pool, post.id)),
    found: ["n_plus_one comment"],
  },
  "pg: in a transaction": {
    run: async ({ pool }, size) => {
      const client = await pool.connect();
      await client.query("begin");
      const { rows } = await client.query<{ id: number }>("select id from post order by id limit $1", [size]);
      await inOrder(rows, ({ id }) => client.query("select text from comment where post_id = $1", [id]));
      await client.query("commit");
      client.release();
    },
    found: ["n_plus_one comment"],
  },
  "pg: one row is written after the other": {
    run: async ({ pool }, size) =>
      inOrder(Array.from({ length: size }), (_, at) => pool.query("insert into visit (post_id) values ($1)", [at])),
    found: ["write_loop visit"],
  },
  "pg: one row is changed after the other": {
    run: async ({ pool }, size) =>
      inOrder(await posts(pool, size), ({ id }) => pool.query("update post set shown = true where id = $1", [id])),
    found: ["write_loop post"],
  },
  "pg: the same setting for each row": {
    run: async ({ pool }, size) =>
      inOrder(await posts(pool, size), () => pool.query("select name from tag where id = $1", [1])),
    found: ["duplicates tag"],
  },
  "pg: the signed-in user, again and again": {
    run: async ({ pool }) => inOrder(Array.from({ length: 6 }), () => author(pool, 3)),
    found: ["duplicates author"],
  },
  "pg: a list of ids": {
    run: async ({ pool }, size) => {
      const ids = (await posts(pool, size)).map((post) => post.author_id);
      await pool.query("select id, name from author where id = any($1)", [ids]);
    },
    found: [],
  },
  "pg: one join": {
    run: async ({ pool }, size) =>
      pool.query("select post.id, name from post join author on author.id = author_id limit $1", [size]),
    found: [],
  },
  "pg: polling until it is there": {
    run: async ({ pool }, size) => {
      for (let at = 0; at <= size; at++) {
        await pool.query("select id from author where name = $1 limit $2", ["author 1", at < size ? 0 : 1]);
        await turn();
      }
    },
    found: [],
  },
  "pg: retries after errors": {
    run: async ({ pool }, size) => {
      for (let at = 0; at < 5 + (size % 3); at++) await pool.query("select 1 / $1::int from tag", [0]).catch(turn);
    },
    found: [],
  },
  "pg: a fixed list of kinds": {
    run: async ({ pool }, size) => {
      await posts(pool, size);
      await inOrder([1, 2, 3, 4, 5, 6, 7], (id) => pool.query("select count(*) from visit where post_id = $1", [id]));
    },
    found: [],
  },
  "pg: seven days of a chart, beside a list": {
    run: async ({ pool }, size) => {
      const all = await posts(pool, size);
      const days = Array.from({ length: 7 }, (_, day) => pool.query("select count(*) from post where id > $1", [day]));
      return [all, await Promise.all(days)];
    },
    found: [],
  },
  "pg: pages until the last": {
    run: async ({ pool }, size) => {
      await pool.query("select count(*) from post");
      for (let after = 0, rows = 10; rows === 10; after += 10)
        rows = (
          await pool.query("select id from post where id > $1 and id <= $2 order by id limit 10", [after, size * 8])
        ).rows.length;
    },
    found: [],
  },
  "pg: batches of a long list": {
    run: async ({ pool }, size) => {
      const ids = (await posts(pool, size * 30)).map(({ id }) => id);
      for (let at = 0; at < ids.length; at += 40)
        await pool.query("select id from comment where post_id = any($1)", [ids.slice(at, at + 40)]);
    },
    found: [],
  },
  "pg: a single lookup": {
    run: async ({ pool }, size) => author(pool, size + 1),
    found: [],
  },
  "Prisma: findFirst one after the other": {
    run: async ({ prisma }, size) =>
      inOrder(await latest(prisma, size), ({ authorId }) => prisma.author.findFirst({ where: { id: authorId } })),
    found: ["n_plus_one author"],
  },
  "Prisma: findUnique one after the other": {
    run: async ({ prisma }, size) =>
      inOrder(await latest(prisma, size), ({ authorId }) => prisma.author.findUnique({ where: { id: authorId } })),
    found: ["n_plus_one author"],
  },
  "Prisma: findUnique at the same time, which it batches": {
    run: async ({ prisma }, size) =>
      Promise.all(
        (await latest(prisma, size)).map(({ authorId }) => prisma.author.findUnique({ where: { id: authorId } })),
      ),
    found: [],
  },
  "Prisma: findFirst at the same time": {
    run: async ({ prisma }, size) =>
      Promise.all((await latest(prisma, size)).map(({ id }) => prisma.comment.findFirst({ where: { postId: id } }))),
    found: ["n_plus_one comment"],
  },
  "Prisma: through a service": {
    run: async ({ prisma }, size) => {
      const service = new AuthorService(prisma);
      await inOrder(await latest(prisma, size), ({ authorId }) => service.nameOf(authorId));
    },
    found: ["n_plus_one author"],
  },
  "Prisma: the other way round": {
    run: async ({ prisma }, size) =>
      inOrder(await prisma.author.findMany({ take: size }), ({ id }) =>
        prisma.post.findMany({ where: { authorId: id }, take: 3 }),
      ),
    found: ["n_plus_one post"],
  },
  "Prisma: with relations of its own, by queries": {
    run: async ({ prisma }, size) =>
      inOrder(await prisma.author.findMany({ take: size }), ({ id }) =>
        prisma.post.findMany({
          where: { authorId: id },
          take: 2,
          include: { comments: true, tags: true },
          relationLoadStrategy: "query",
        }),
      ),
    found: ["n_plus_one post"],
  },
  "Prisma: counts one after the other": {
    run: async ({ prisma }, size) =>
      inOrder(await latest(prisma, size), ({ id }) => prisma.comment.count({ where: { postId: id } })),
    found: ["n_plus_one comment"],
  },
  "Prisma: in an interactive transaction": {
    run: ({ prisma }, size) =>
      prisma.$transaction(async (tx) =>
        inOrder(await latest(tx, size), ({ authorId }) => tx.author.findFirst({ where: { id: authorId } })),
      ),
    found: ["n_plus_one author"],
  },
  "Prisma: include, by one join": {
    run: ({ prisma }, size) =>
      prisma.post.findMany({ take: size, include: { author: true, comments: true }, relationLoadStrategy: "join" }),
    found: [],
  },
  "Prisma: include, by queries": {
    run: ({ prisma }, size) =>
      prisma.post.findMany({ take: size, include: { author: true, comments: true }, relationLoadStrategy: "query" }),
    found: [],
  },
  "Prisma: create one after the other": {
    run: ({ prisma }, size) =>
      inOrder(Array.from({ length: size }), (_, at) => prisma.visit.create({ data: { postId: at } })),
    found: ["write_loop visit"],
  },
  "Prisma: createMany": {
    run: ({ prisma }, size) =>
      prisma.visit.createMany({ data: Array.from({ length: size + 1 }, (_, at) => ({ postId: at })) }),
    found: [],
  },
  "Prisma: update one after the other": {
    run: async ({ prisma }, size) =>
      inOrder(await latest(prisma, size), ({ id }) => prisma.post.update({ where: { id }, data: { shown: true } })),
    found: ["write_loop post"],
  },
  "Prisma: the same tag for each row": {
    run: async ({ prisma }, size) =>
      inOrder(await latest(prisma, size), () => prisma.tag.findUnique({ where: { id: 1 } })),
    found: ["duplicates tag"],
  },
  "Prisma: batches of a long list": {
    run: async ({ prisma }, size) => {
      const ids = (await latest(prisma, size * 30)).map(({ id }) => id);
      for (let at = 0; at < ids.length; at += 40)
        await prisma.comment.findMany({ where: { postId: { in: ids.slice(at, at + 40) } } });
    },
    found: [],
  },
  "Prisma: a fixed dashboard": {
    run: async ({ prisma }, size) => {
      await latest(prisma, size);
      await inOrder([1, 2, 3, 4, 5, 6], (id) => prisma.post.count({ where: { authorId: id } }));
    },
    found: [],
  },
};
