import { readdirSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DataDirLock, lockDataDir, refuseIfHeld } from "@/lib/store/data-dir-lock";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tailfill-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What a killed holder leaves: a socket that nobody listens on. */
async function leaveStale(at: string): Promise<void> {
  const { spawnSync } = await import("node:child_process");
  const code = `require("node:net").createServer().listen("lock-stale", () => process.kill(process.pid, "SIGKILL"))`;
  spawnSync(process.execPath, ["-e", code], { cwd: at });
}

test("one holder at a time, named to the others, and free again after it", async () => {
  const lock = await lockDataDir(folder);
  const held = { code: "data_dir_held", message: expect.stringContaining(`process ${process.pid} since`) as string };
  await expect(lockDataDir(folder)).rejects.toMatchObject(held);
  await expect(refuseIfHeld(folder)).rejects.toMatchObject(held);
  await lock.release();
  await refuseIfHeld(folder);
  await (await lockDataDir(folder)).release();
  expect(readdirSync(folder)).toEqual([]);
});

test("of many starts that find a killed holder's lock, exactly one gets it", async () => {
  for (let round = 0; round < 10; round++) {
    await leaveStale(folder);
    expect(readdirSync(folder)).toContain("lock-stale");
    const tries = await Promise.allSettled(Array.from({ length: 4 }, () => lockDataDir(folder)));
    const won = tries.filter((one): one is PromiseFulfilledResult<DataDirLock> => one.status === "fulfilled");
    expect(won).toHaveLength(1);
    const names = readdirSync(folder).toSorted();
    expect(names).toEqual(["holder.json", expect.stringMatching(/^lock-[0-9a-f]{12}$/)]);
    await won[0]?.value.release();
  }
});

test("a holder whose event loop stands still is a holder still", async () => {
  const busy = createServer();
  await new Promise((done) => busy.listen(join(folder, "lock-busy"), () => done(undefined)));
  await expect(lockDataDir(folder)).rejects.toMatchObject({ code: "data_dir_held" });
  await new Promise((done) => busy.close(done));
});

test("a path that is too long for a socket is no obstacle", async () => {
  const long = join(folder, "a".repeat(60), "b".repeat(60));
  await mkdir(long, { recursive: true });
  const lock = await lockDataDir(long);
  await expect(lockDataDir(long)).rejects.toMatchObject({ code: "data_dir_held" });
  await lock.release();
  await leaveStale(long);
  await (await lockDataDir(long)).release();
});
