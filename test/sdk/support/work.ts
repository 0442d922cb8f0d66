import { wrap } from "@/lib/sdk/src/wrap";
import { onStatements, type EndedRequest } from "@/lib/sdk/src/database/listeners";
import type { Statements } from "@/lib/sdk/src/database/counts";
import { recordingClient } from "../adapters/recording-client";

/** Runs something as a job, and gives what it asked of its databases. */
export async function statementsIn(run: () => unknown, endpoint = "test"): Promise<Statements> {
  let ended: EndedRequest | undefined;
  const route = `${endpoint} ${++jobs}`;
  const forget = onStatements((request) => {
    if (request.route === route) ended = request;
  });
  const client = recordingClient();
  try {
    await wrap(async () => run(), { endpoint: route, client })();
  } finally {
    forget();
  }
  if (client.errors.length > 0) throw client.errors[0];
  if (ended === undefined) throw new Error("nothing was told of the job");
  return ended.statements;
}

let jobs = 0;

/** What was counted, as lines `2 × select … (3 rows)`, in the order of their first letters. */
export function linesOf({ byFingerprint }: Statements): string[] {
  return byFingerprint
    .map(({ count, fingerprint, rows, failed }) => {
      return `${count} × ${fingerprint.slice(0, 50)} (${rows} rows${failed > 0 ? `, ${failed} failed` : ""})`;
    })
    .toSorted();
}
