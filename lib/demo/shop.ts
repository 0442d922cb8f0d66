import { wasKilled } from "@tailfill/sdk/guard";
import { about, approximateCount } from "@tailfill/sdk/pg";
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from "express";
import type { Pool } from "pg";
import type { ShopCache } from "./cached.ts";
import type { ShopPrisma } from "./database.ts";
import * as sql from "./queries.ts";

/** What sign-in puts on a request. */
interface SignedIn extends Request {
  person?: { id: number; name: string };
}

const SESSION = /(?:^|;\s*)session=u_(\d{1,6})(?:;|$)/;

/** The shop's sign-in: a cookie names the person. Real apps check a signature here. */
function signIn(req: SignedIn, _res: Response, next: NextFunction): void {
  const id = SESSION.exec(req.headers.cookie ?? "")?.[1];
  if (id !== undefined) req.person = { id: Number(id), name: `u_${id}` };
  next();
}

function mustBeSignedIn(req: SignedIn, res: Response, next: NextFunction): void {
  if (req.person === undefined) res.status(401).json({ error: "sign in first" });
  else next();
}

export interface ShopParts {
  pool: Pool;
  prisma: ShopPrisma;
  cache: ShopCache;
  /** tailfill's middleware, mounted as README says. */
  latency: RequestHandler;
}

/** The shop, an ordinary Express app. */
export function createShop({ pool, prisma, cache, latency }: ShopParts): Express {
  const app = express();
  app.use(latency);
  app.use(express.json());
  app.use(signIn);
  const answer = (text: string, values: (req: SignedIn) => unknown[]) => async (req: SignedIn, res: Response) => {
    const { rows } = await pool.query(text, values(req));
    res.json(rows);
  };
  const id = (req: SignedIn) => [Number(req.params["id"])];
  const own = (req: SignedIn) => [req.person!.id];

  app.get("/health", (_req, res) => void res.json({ ok: true }));
  app.get("/threads/:id", showThread(pool));
  app.get(
    "/search",
    answer(sql.SEARCH, (req) => [searched(req)]),
  );
  app.get("/users/:id/comments", async (req, res) => void res.json(await cache.words.get(`u_${req.params.id}`)));
  app.get("/users/:id/comments/count", answer(sql.COMMENT_COUNT, id));
  app.get("/users/:id/posts", postsWithLastComment(pool));
  app.get("/users/:id/activity", activity(prisma));

  app.get("/feed", mustBeSignedIn, async (req: SignedIn, res) => void res.json(await cache.feed.get(req.person!.name)));
  app.put("/comments/newest", mustBeSignedIn, editNewest(pool, cache));
  app.post("/reports", mustBeSignedIn, answer(sql.REPORT, own));
  app.get("/cart", mustBeSignedIn, answer(sql.CART, own));
  app.put(
    "/profile",
    mustBeSignedIn,
    answer(sql.SET_ABOUT, (req) => [req.person!.id, String(req.body?.about ?? "")]),
  );
  app.use("/admin", adminPages(pool));
  app.use(tellFailure);
  return app;
}

/** What the query guard stopped is no fault of the shop's: asked for less, it may work. */
function tellFailure(error: unknown, _req: Request, res: Response, _next: NextFunction): void {
  const killed = wasKilled(error);
  if (killed === undefined) res.status(500).json({ error: "failed" });
  else res.status(503).json({ error: "it took too long and was stopped", by: killed.by });
}

/** The newest posts of a user with all that was said about them, and by whom: relations of relations. */
function activity(prisma: ShopPrisma): RequestHandler {
  return async (req, res) => {
    const posts = await prisma.post.findMany({
      where: { authorId: Number(req.params["id"]) },
      orderBy: { createdAt: "desc" },
      take: 20,
      include: { comments: { orderBy: { createdAt: "asc" }, include: { author: true } } },
    });
    res.json(posts);
  };
}

/** The posts of a user, each with its last comment: one statement for the posts, and then one more for every post. */
function postsWithLastComment(pool: Pool): RequestHandler {
  return async (req, res) => {
    const { rows: posts } = await pool.query(sql.POSTS_OF, [Number(req.params["id"])]);
    for (const post of posts) post.lastComment = (await pool.query(sql.LAST_COMMENT, [post.id])).rows[0] ?? null;
    res.json(posts);
  };
}

const searched = (req: Request): string => (typeof req.query["q"] === "string" ? req.query["q"].slice(0, 40) : "");

function showThread(pool: Pool): RequestHandler {
  return async (req, res) => {
    const post = await pool.query(sql.POST, [Number(req.params["id"])]);
    if (post.rowCount === 0) return void res.status(404).json({ error: "no such thread" });
    const comments = await pool.query(sql.THREAD, [Number(req.params["id"])]);
    res.json({ ...post.rows[0], comments: comments.rows });
  };
}

/** Who writes makes their own cached words stale, and says so. */
function editNewest(pool: Pool, cache: ShopCache): RequestHandler {
  return async (req: SignedIn, res) => {
    const { id, name } = req.person!;
    await pool.query(sql.EDIT_NEWEST, [id, String(req.body?.about ?? "").slice(0, 200)]);
    await cache.words.invalidate(name);
    res.json({ ok: true });
  };
}

function adminPages(pool: Pool): RequestHandler {
  const admin = express.Router();
  admin.use(mustBeSignedIn);
  admin.get("/users", async (_req, res) => void res.json((await pool.query(sql.ALL_PEOPLE)).rows));
  admin.get("/comments/count", async (req, res) => {
    // About is enough for a page that shows "about 240 k"; see docs/counts.md.
    const count = await approximateCount(pool, sql.ALL_COMMENTS, [`%${searched(req)}%`]);
    res.json({ ...count, text: about(count) });
  });
  admin.get("/alike", async (req, res) => {
    const author = typeof req.query["author"] === "string" ? Number(req.query["author"]) : null;
    res.json((await pool.query(sql.ALIKE, [author])).rows[0]);
  });
  return admin;
}
