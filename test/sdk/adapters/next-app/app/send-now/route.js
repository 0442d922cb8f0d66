import { createTailfill } from "@tailfill/sdk";

export const dynamic = "force-dynamic";
/** Sends the window of the client that runs, in place of waiting for it. */
export async function GET() {
  await createTailfill({ service: "shop" }).flush();
  return new Response("sent");
}
