import type { Db } from "../store/db.ts";
import { snapshot } from "../store/snapshot.ts";
import { endpointIdOf } from "./address.ts";
import type { EndpointIdentity } from "./answers.ts";
import { endpointById } from "./reading.ts";

/**
 * Which endpoint an address means, without any figure of it: cheap enough to be known before a page begins.
 * @param text the id as the address has it
 * @throws TailfillError `not_found`
 */
export async function endpointIdentity(db: Db, text: string): Promise<EndpointIdentity> {
  const found = await snapshot(db, (connection) => endpointById(connection, endpointIdOf(text)));
  const { id, service, environment, method, route } = found;
  return { id, service, environment, method, route };
}
