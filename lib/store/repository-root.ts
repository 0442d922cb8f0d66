import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds `prisma/migrations` and `node_modules`, found upwards: sources and bundles lie at different depths. */
export function repositoryRoot(from = dirname(fileURLToPath(import.meta.url))): string {
  if (existsSync(join(from, "prisma", "migrations", "migration_lock.toml"))) return from;
  const above = dirname(from);
  if (above === from) throw new Error("prisma/migrations is missing: this is no complete tailfill");
  return repositoryRoot(above);
}
