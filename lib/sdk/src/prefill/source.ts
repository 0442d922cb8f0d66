import type { ClientInside } from "../client-inside.ts";
import type { Source } from "./core.ts";

/** Where the server is and who asks, from a client's settings. */
export function sourceOf({ ingestUrl, apiKey, service, environment, instance }: ClientInside["settings"]): Source {
  return { apiUrl: new URL(".", ingestUrl), apiKey, service, environment, instance };
}
