import { Client } from "pg";
import { TailfillError } from "../errors.ts";

/**
 * A connection of its own, for work that a pool is not made for. The caller ends it.
 * @throws TailfillError `database_unavailable`
 */
export async function connectClient(url: string, applicationName = "tailfill"): Promise<Client> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: applicationName,
  });
  client.on("error", () => undefined); // told by the query that fails
  try {
    await client.connect();
    return client;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : String(cause);
    throw new TailfillError("database_unavailable", `The database cannot be reached: ${reason}`, { cause });
  }
}
