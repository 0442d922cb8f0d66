/** Where the demo's own service is known, and the key to say so. */
export interface Door {
  /** tailfill's address. */
  url: string;
  apiKey: string;
  service: string;
  environment: string;
}

export interface SwitchingOn {
  stop(): void;
}

const WATCH_FIRST_MS = 120_000;

/**
 * The shop's days take ten minutes, and so does its proof: more work and more controls than a shop would want that has weeks. The
 * lowest p99 is a goal on any machine; how slow slow is depends on it.
 */
const CHOICES = { mode: "fill", goal: "p99", budgetSecondsPerHour: 400, withheldShare: 0.2 };
const AGAIN_MS = 10_000;

/**
 * Switches filling on after two minutes of watching, as a person would on the page "Prefill": by the HTTP API. Once a person
 * has changed anything there, the demo leaves it alone.
 */
export function switchOnLater(door: Door, afterMs = WATCH_FIRST_MS): SwitchingOn {
  let timer = setTimeout(attempt, afterMs);
  function attempt(): void {
    switchOn(door).catch(() => (timer = setTimeout(attempt, AGAIN_MS)));
  }
  return { stop: () => clearTimeout(timer) };
}

/** @throws when the server cannot be asked just now */
export async function switchOn({ url, apiKey, service, environment }: Door): Promise<void> {
  const address = `${url}/api/v1/prefill/settings?${new URLSearchParams({ service, environment }).toString()}`;
  const ask = async (method: string, body?: object) => {
    const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
    const answer = await fetch(address, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    if (!answer.ok) throw new Error(`prefill settings answered ${answer.status}`);
    return (await answer.json()) as { changedBy: string | null; mode: string };
  };
  const { changedBy, mode } = await ask("GET");
  if (changedBy === null && mode === "observe") await ask("PATCH", CHOICES);
}
