/** How an app mounts tailfill, by framework. `docs/mounting.md` says more of each. */
export const FRAMEWORKS = ["express", "fastify", "koa", "hono", "next", "node"] as const;
export type Framework = (typeof FRAMEWORKS)[number];

export interface Snippet {
  label: string;
  /** The file that it goes into, or where in it. */
  where: string;
  code: (service: string) => string;
}

export const SNIPPETS: Record<Framework, Snippet> = {
  express: {
    label: "Express 4, 5",
    where: "before all other middleware and routes",
    code: (service) => `import { tailfill } from "@tailfill/sdk/express";

app.use(tailfill({ service: ${quoted(service)}, user: (req) => req.user?.id }));`,
  },
  fastify: {
    label: "Fastify 5",
    where: "before the plugins with routes",
    code: (service) => `import { tailfill } from "@tailfill/sdk/fastify";

await app.register(tailfill, { service: ${quoted(service)}, user: (request) => request.user?.id });`,
  },
  koa: {
    label: "Koa 2, 3",
    where: "before all other middleware",
    code: (service) => `import { tailfill } from "@tailfill/sdk/koa";

app.use(tailfill({ service: ${quoted(service)}, user: (ctx) => ctx.state.user?.id }));`,
  },
  hono: {
    label: "Hono 4",
    where: "before all other middleware and routes, on Node",
    code: (service) => `import { tailfill } from "@tailfill/sdk/hono";

app.use(tailfill({ service: ${quoted(service)}, user: (c) => c.get("userId") }));`,
  },
  next: {
    label: "Next.js 15, 16",
    where: "instrumentation.ts, next to app/ (or in src/)",
    code: (service) => `import { tailfill } from "@tailfill/sdk/next";

export function register() {
  tailfill({ service: ${quoted(service)}, user: (req) => req.cookies.get("user")?.value });
}`,
  },
  node: {
    label: "node:http",
    where: "around the handler; route tells the template, never the path",
    code: (service) => `import { createServer } from "node:http";
import { tailfill } from "@tailfill/sdk/node";

const route = (req) => (/^\\/users\\/[^/]+$/.test(req.url) ? "/users/:id" : null);
const options = { service: ${quoted(service)}, route, user: (req) => req.headers["x-user"] };

createServer(tailfill(options, handler)).listen(3001);`,
  },
};

const quoted = (text: string): string => JSON.stringify(text);

/** What the app's environment has to hold. */
export function environmentLines({ url, key }: { url: string; key: string | null }): string {
  return `TAILFILL_URL=${url}\nTAILFILL_API_KEY=${key ?? "tf_…"}\nTAILFILL_ENVIRONMENT=production`;
}
