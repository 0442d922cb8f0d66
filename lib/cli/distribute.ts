import { TailfillError } from "../errors.ts";
import { distribute } from "../store/distribute.ts";
import { migrate } from "../store/migrate.ts";
import type { Invocation } from "./arguments.ts";

/**
 * Places the tables of the database on the machines of its Citus cluster, and says what it did. It may be run again at any time.
 * @throws TailfillError `bad_setting` without DATABASE_URL, `citus_missing`, and what is in the way of reaching the database
 */
export async function distributeTables({ config }: Invocation): Promise<void> {
  if (config.databaseUrl === undefined)
    throw new TailfillError("bad_setting", "distribute needs DATABASE_URL: the embedded database is one machine.");
  for (const name of await migrate(config.databaseUrl)) console.log(`migrated: ${name}`);
  for (const { name, how, isNew } of await distribute(config.databaseUrl))
    console.log(`${name}: ${how}${isNew ? "" : " (as before)"}`);
}
