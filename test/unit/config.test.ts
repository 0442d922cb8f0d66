import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readConfig } from "@/lib/config";
import { ERRORS, problemResponse, TailfillError, type ErrorCode } from "@/lib/errors";

const SECRET = "x".repeat(32);
const MISTYPED_KEY = `tf_${"x".repeat(46)}`;

describe("settings", () => {
  it("have working defaults", () => {
    expect(readConfig({})).toMatchObject({
      port: 3000,
      host: "127.0.0.1",
      publicUrl: "http://127.0.0.1:3000",
      dataDir: ".tailfill",
      embedded: true,
    });
  });

  it("lists all problems at once and shows no value", () => {
    const bad = {
      PORT: "seventy",
      DATABASE_URL: "mysql://root:hunter2@db",
      TAILFILL_SECRET: "tooshort",
      TAILFILL_API_KEY: MISTYPED_KEY,
      LOG_LEVEL: "loud",
    };
    const error = caught(() => readConfig(bad));
    expect(error).toMatchObject({ code: "bad_setting" });
    for (const name of Object.keys(bad)) expect(error.message).toContain(name);
    expect(error.message).not.toMatch(/hunter2|tooshort|xxx/);
  });

  it.each([
    [{ DATABASE_URL: "postgresql://db/x" }, "TAILFILL_SECRET"],
    [{ TAILFILL_ADMIN_EMAIL: "a@b.example" }, "TAILFILL_ADMIN_PASSWORD"],
    [{ TAILFILL_API_KEY: "tf_short" }, "TAILFILL_API_KEY must be tf_ and 46 characters"],
    [{ TAILFILL_API_KEY: MISTYPED_KEY }, "TAILFILL_API_KEY is mistyped"],
    [{ TAILFILL_API_KEY: MISTYPED_KEY, PORT: "x" }, "TAILFILL_API_KEY is mistyped"],
    [{ TAILFILL_PUBLIC_URL: "ftp://x.example" }, "TAILFILL_PUBLIC_URL"],
    [{ TAILFILL_WEBHOOK_ALLOW: "10.0.0.0/8, garbage/99" }, "TAILFILL_WEBHOOK_ALLOW"],
    [{ PORT: "x", DATABASE_URL: "postgresql://db/x" }, "TAILFILL_SECRET"],
  ])("refuses %o", (env, named) => {
    expect(caught(() => readConfig(env)).message).toContain(named);
  });

  it.each([
    [{ HOST: "0.0.0.0", PORT: "81" }, "http://127.0.0.1:81"],
    [{ HOST: "::1" }, "http://[::1]:3000"],
    [{ TAILFILL_PUBLIC_URL: "https://tf.example/" }, "https://tf.example"],
  ])("makes links for %o", (env, url) => {
    expect(readConfig(env).publicUrl).toBe(url);
  });

  it("takes an empty value as unset, and an outside database with a secret", () => {
    expect(readConfig({ PORT: "", DATABASE_URL: "" }).embedded).toBe(true);
    expect(readConfig({ DATABASE_URL: "postgresql://db/x", TAILFILL_SECRET: SECRET }).embedded).toBe(false);
  });
});

describe("errors", () => {
  it("are documented, each with its status", () => {
    const page = readFileSync(new URL("../../docs/errors.md", import.meta.url), "utf8");
    const documented = [...page.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)].map(([, code, status]) => [
      code,
      Number(status),
    ]);
    expect(Object.fromEntries(documented)).toEqual(
      Object.fromEntries(Object.entries(ERRORS).map(([code, [status]]) => [code, status])),
    );
  });

  it("become a problem with a stable code", async () => {
    const response = problemResponse(
      new TailfillError("database_unavailable", "No connection.", { retryAfterSeconds: 5 }),
    );
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("5");
    expect(await response.json()).toMatchObject({
      code: "database_unavailable",
      status: 503,
      detail: "No connection.",
    });
  });

  it("show nothing of an unknown failure", async () => {
    const response = problemResponse(new Error("password=hunter2"));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("hunter2");
  });

  it("know every code's status and next step", () => {
    for (const code of Object.keys(ERRORS) as ErrorCode[]) expect(new TailfillError(code, "x").next).toMatch(/\.$/);
  });
});

function caught(act: () => unknown): TailfillError {
  try {
    act();
  } catch (error) {
    if (error instanceof TailfillError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
