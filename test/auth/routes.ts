/**
 * Every route of the server, and who may use it. test/auth/walk.test.ts compares this list with what was built, in both
 * directions: a new route has to be added here, by somebody who thought about who may use it.
 *
 * - `page`: a page for people who are signed in; anybody else is sent to /sign-in
 * - `person`: an API route for people who are signed in (a session), closed to API keys
 * - `ingest` / `read` / `write`: an API route for keys of that scope (read and write also for a session); `also` for another
 * - `open`: for everybody, for the reason given
 */
export type Access =
  | { access: "page" | "person" | "ingest" | "read" | "write"; methods?: string[]; also?: "read" }
  | { access: "open"; because: string; methods?: string[] };

export const ROUTES: Record<string, Access> = {
  "/_not-found": { access: "open", because: "says only that there is nothing" },
  "/icon.svg": { access: "open", because: "the icon in the browser's tab" },
  "/sign-in": { access: "open", because: "the way in" },
  "/setup": { access: "open", because: "the way in for the first user, by a one-time link; closed afterwards" },
  "/invite/[token]": { access: "open", because: "the way in for the invited, by a one-time link" },
  "/new-password/[token]": { access: "open", because: "the way back for a lost password, by a one-time link" },
  "/": { access: "page" },
  "/start": { access: "page" },
  "/prefill": { access: "page" },
  "/endpoints/[id]": { access: "page" },
  "/users": { access: "page" },
  "/users/[user]": { access: "page" },
  "/settings": { access: "page" },
  "/settings/services": { access: "page" },
  "/settings/storage": { access: "page" },
  "/settings/jobs": { access: "page" },
  "/settings/losses": { access: "page" },
  "/settings/account": { access: "page" },
  "/settings/keys": { access: "page" },
  "/settings/users": { access: "page" },
  "/api/[[...path]]": { access: "open", because: "says only that there is nothing", methods: [] },
  "/data/[[...path]]": { access: "open", because: "says only that there is nothing", methods: [] },
  "/api/auth/sign-in": { access: "open", because: "checks a password, limited", methods: ["POST"] },
  "/api/auth/setup": { access: "open", because: "checks a one-time token", methods: ["POST"] },
  "/api/auth/invite": { access: "open", because: "checks a one-time token", methods: ["POST"] },
  "/api/auth/new-password": { access: "open", because: "checks a one-time token", methods: ["POST"] },
  "/api/auth/sign-out": { access: "person", methods: ["POST"] },
  "/api/auth/sign-out-everywhere": { access: "person", methods: ["POST"] },
  "/api/auth/password": { access: "person", methods: ["POST"] },
  "/api/auth/invitations": { access: "person", methods: ["POST"] },
  "/api/auth/invitations/[id]": { access: "person", methods: ["DELETE"] },
  "/api/auth/people/[id]": { access: "person", methods: ["DELETE"] },
  "/api/v1/keys": { access: "person", methods: ["GET", "POST"] },
  "/api/v1/keys/[id]": { access: "person", methods: ["DELETE"] },
  "/data/overview": { access: "read", methods: ["GET"] },
  "/data/arrival": { access: "person", methods: ["GET"] },
  "/data/jobs": { access: "read", methods: ["GET"] },
  "/data/losses": { access: "read", methods: ["GET"] },
  "/data/users": { access: "read", methods: ["GET"] },
  "/data/user": { access: "read", methods: ["GET"] },
  "/data/endpoints/[id]": { access: "read", methods: ["GET"] },
  "/data/endpoints/[id]/tail": { access: "read", methods: ["GET"] },
  "/data/endpoints/[id]/user": { access: "read", methods: ["GET"] },
  "/api/health": {
    access: "open",
    because: "for load balancers; says no more than whether all is well",
    methods: ["GET"],
  },
  "/api/v1/openapi.json": { access: "read", methods: ["GET"] },
  "/api/v1/services": { access: "read", methods: ["GET"] },
  "/api/v1/endpoints": { access: "read", methods: ["GET"] },
  "/api/v1/endpoints/[id]/series": { access: "read", methods: ["GET"] },
  "/api/v1/endpoints/[id]/histogram": { access: "read", methods: ["GET"] },
  "/api/v1/endpoints/[id]/users": { access: "read", methods: ["GET"] },
  "/api/v1/user": { access: "read", methods: ["GET"] },
  "/api/v1/users": { access: "read", methods: ["GET"] },
  "/api/v1/users/[user]": { access: "read", methods: ["GET"] },
  "/api/v1/prefill/plan": { access: "ingest", also: "read", methods: ["GET"] },
  "/data/prefill/settings": { access: "read", methods: ["GET"] },
  "/data/prefill/candidates": { access: "read", methods: ["GET"] },
  "/data/prefill/effect": { access: "read", methods: ["GET"] },
  "/data/prefill/history": { access: "read", methods: ["GET"] },
  "/api/v1/prefill/effect": { access: "read", methods: ["GET"] },
  "/api/v1/prefill/candidates": { access: "read", methods: ["GET"] },
  "/api/v1/prefill/settings": { access: "write", methods: ["GET", "PATCH"] },
  "/api/v1/prefill/events": { access: "ingest", methods: ["POST"] },
  "/api/v1/alerts/rules": { access: "write", methods: ["GET", "POST"] },
  "/api/v1/alerts/rules/[id]": { access: "write", methods: ["GET", "PATCH", "DELETE"] },
  "/api/v1/ingest": { access: "ingest", methods: ["POST"] },
};
