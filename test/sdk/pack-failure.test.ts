import { expect, it, vi } from "vitest";

import { packWindow } from "@/lib/sdk/src/pack";
import { runningClient, samplesIn } from "./support/running";
import { StubServer } from "./support/stub-server";

vi.mock(import("@/lib/sdk/src/pack"), async (original) => ({ packWindow: vi.fn((await original()).packWindow) }));

it("a window that cannot be packed is a loss like any other, and so is what it should have reported", async () => {
  const server = await StubServer.start();
  const errors: unknown[] = [];
  const { client } = runningClient(server.url, { onError: (error) => errors.push(error) });
  client.record("GET", "/", "ok", 1);
  client.record("GET", "/", "ok", 4_000_000_000);
  vi.mocked(packWindow).mockRejectedValueOnce(new Error("broken"));
  await client.flush();
  expect(errors).toEqual([new Error("broken")]);
  expect(server.received).toHaveLength(0);
  expect(client.stats().unreportedLosses).toEqual({ internal: 2, over_range: 1 });

  client.record("GET", "/", "ok", 1);
  await client.flush();
  expect(server.batches.map(samplesIn)).toEqual([1]);
  expect(Object.fromEntries(server.batches[0]!.losses)).toEqual({ internal: 2, over_range: 1 });
  expect(client.stats().reportedLosses).toEqual({ internal: 2, over_range: 1 });
  await client.stop();
  await server.stop();
});
