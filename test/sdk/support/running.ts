import type { TailfillOptions } from "@/lib/sdk/src/client-type";
import { readSettings } from "@/lib/sdk/src/environment";
import { RunningClient } from "@/lib/sdk/src/running-client";
import type { Batch } from "@/lib/wire/index";
import { countOf } from "@/lib/histogram/index";
import { FakeClock } from "./fake-clock";

/** A client on a fake clock, apart from the process's registry. */
export function runningClient(url: string, options: TailfillOptions = {}, clock = new FakeClock()) {
  const warnings: string[] = [];
  const settings = readSettings({ url, apiKey: "tf_test", service: "shop", environment: "test", ...options }, {});
  const { ingestUrl, apiKey } = settings;
  if (!ingestUrl || !apiKey) throw new Error("the test's own settings are wrong");
  const client = new RunningClient({
    settings: { ...settings, ingestUrl, apiKey },
    options: {
      onError: (error) => {
        throw error;
      },
      ...options,
    },
    clock,
    warn: (code) => warnings.push(code),
    stopped: () => warnings.push("stopped"),
  });
  return { client, clock, warnings, settings };
}

/** Requests in a batch: users are parts of them. */
export function samplesIn(batch: Batch): number {
  return batch.endpoints.reduce(
    (sum, { outcomes }) => sum + Object.values(outcomes).reduce((part, payload) => part + countOf(payload), 0),
    0,
  );
}

export const total = (losses: Iterable<number>): number => [...losses].reduce((sum, count) => sum + count, 0);
