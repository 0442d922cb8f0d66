import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { config } from "@/lib/config";
import { TailfillError } from "@/lib/errors";
import { log } from "@/lib/log";
import { db as processDb, type Db } from "@/lib/store/db";
import { hashOfPassword, isPasswordOf } from "./password-hash.ts";
import { PASSWORD } from "./password-rule.ts";

/** A session ends this long after sign-in, however busy. */
export const SESSION_SECONDS = 30 * 24 * 3600;

/**
 * better-auth keeps passwords (scrypt) and sessions (rows in the database, a signed cookie in the browser). It is used
 * as a library only: its own HTTP routes are not mounted, so that each way in is one of ours, limited and checked.
 */
export function makeSignInLibrary(db: Db, settings: { secret: string; publicUrl: string }) {
  return betterAuth({
    appName: "tailfill",
    baseURL: settings.publicUrl,
    secret: settings.secret,
    database: prismaAdapter(db, { provider: "postgresql", transaction: true }),
    telemetry: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD.shortest,
      maxPasswordLength: PASSWORD.longest,
      password: { hash: hashOfPassword, verify: isPasswordOf },
    },
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true, cookieCache: { enabled: false } },
    rateLimit: { enabled: false }, // lib/auth/sign-in-limits.ts: shared by all processes, and a /64 of IPv6 is one address
    advanced: {
      cookiePrefix: "tailfill",
      useSecureCookies: settings.publicUrl.startsWith("https:"),
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", path: "/" },
      ipAddress: { disableIpTracking: true },
    },
    logger: {
      level: "error",
      log: (level, message, ...details) => log("auth")[level === "error" ? "error" : "debug"]({ details }, message),
    },
  });
}

export type SignInLibrary = ReturnType<typeof makeSignInLibrary>;

const shared = globalThis as typeof globalThis & { tailfillSignIn?: { db: Db; library: SignInLibrary } };

/**
 * The library on this process's database.
 * @throws TailfillError `bad_setting` without a secret (`start` gives its children one).
 */
export function signInLibrary(): SignInLibrary {
  const db = processDb();
  const { secret, publicUrl } = config();
  if (secret === undefined) throw new TailfillError("bad_setting", "TAILFILL_SECRET is not set.");
  if (shared.tailfillSignIn?.db !== db)
    shared.tailfillSignIn = { db, library: makeSignInLibrary(db, { secret, publicUrl }) };
  return shared.tailfillSignIn.library;
}
