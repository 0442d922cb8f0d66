import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { TailfillError } from "../errors.ts";
import { keptSecret, openDataDir } from "../store/data-dir.ts";
import { lockDataDir } from "../store/data-dir-lock.ts";
import { runningEmbeddedUrl } from "../store/embedded.ts";
import type { Invocation } from "./arguments.ts";
import { askChild } from "./ask-child.ts";
import { built } from "./built.ts";
import { runEmbeddedDatabase } from "./database.ts";

/**
 * Prints a link by which somebody who lost the password chooses a new one. It works beside a running server and without
 * one; the embedded database is started for as long as it takes.
 * @throws TailfillError `not_found` that names the accounts there are, and what is in the way of reaching the database
 */
export async function printPasswordLink({ config, env, email = "" }: Invocation): Promise<void> {
  const database = await reachDatabase(config);
  try {
    const plan = { name: "password-link", file: built("password-link"), args: [email], nodeFlags: [] };
    const answer = await askChild<string>({ ...plan, env: { ...env, ...database.env, NODE_ENV: "production" } });
    if (answer === undefined) throw new TailfillError("internal", "The process that makes the link ended early.");
    if ("error" in answer) throw new TailfillError(answer.error.code, answer.error.message);
    console.log(`${config.publicUrl}/new-password/${answer.value}`);
    console.log(`For ${email}, good once and for an hour; it ends every session of theirs.`);
    if (env["TAILFILL_PUBLIC_URL"] === undefined)
      console.log(`If your tailfill has another address than ${config.publicUrl}, write that in its place.`);
  } finally {
    await database.stop();
  }
}

interface Reached {
  /** Settings that lead a child there. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

async function reachDatabase(config: Config): Promise<Reached> {
  if (config.databaseUrl !== undefined) return { env: {}, stop: () => Promise.resolve() };
  if (!existsSync(join(config.dataDir, "postgres")))
    throw new TailfillError(
      "bad_setting",
      `There is no tailfill in ${config.dataDir}: name its folder with --data-dir.`,
    );
  const dataDir = openDataDir(config.dataDir);
  const envOf = (url: string) => ({
    DATABASE_URL: url,
    TAILFILL_EMBEDDED: "1",
    TAILFILL_SECRET: config.secret ?? keptSecret(dataDir, "secret"),
  });
  const lock = await lockDataDir(dataDir).catch(nullWhenHeld);
  if (lock === null) return { env: envOf(runningEmbeddedUrl(dataDir)), stop: () => Promise.resolve() };
  const running = await runEmbeddedDatabase(dataDir).catch(async (error: unknown) => {
    await lock.release();
    throw error;
  });
  return { env: envOf(running.url), stop: () => running.stop().then(() => lock.release()) };
}

function nullWhenHeld(error: unknown): null {
  if (error instanceof TailfillError && error.code === "data_dir_held") return null;
  throw error;
}
