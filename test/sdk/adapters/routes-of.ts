import type { RequestListener } from "node:http";
import { until } from "@/test/support/until";
import { ask, serve } from "./http";
import type { RecordingClient } from "./recording-client";

/** Asks each path in turn, and gives what was counted: `route`, with the status class when it is not ok. */
export async function routesOf(listener: RequestListener, client: RecordingClient, paths: string[]): Promise<string[]> {
  const host = await serve(listener);
  try {
    for (const path of paths) await ask(host.port, { path });
    await until("all are counted", () => client.samples.length === paths.length);
    return client.samples.map(({ route, outcome }) => (outcome === "ok" ? route : `${route} ${outcome}`));
  } finally {
    await host.close();
  }
}
