import type { Invocation } from "./arguments.ts";
import { askChild, valueOf } from "./ask-child.ts";
import { built } from "./built.ts";
import { reachDatabase } from "./reach-database.ts";

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
    console.log(`${config.publicUrl}/new-password/${valueOf(answer, "makes the link")}`);
    console.log(`For ${email}, good once and for an hour; it ends every session of theirs.`);
    if (env["TAILFILL_PUBLIC_URL"] === undefined)
      console.log(`If your tailfill has another address than ${config.publicUrl}, write that in its place.`);
  } finally {
    await database.stop();
  }
}
