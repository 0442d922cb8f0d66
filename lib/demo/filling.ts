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
const AGAIN_MS = 10_000;

/**
 * The shop's days take ten minutes, and so does its proof: more work and more controls than a shop would want that has weeks.
 */
const CHOICES = { mode: "fill", goal: "slo", budgetSecondsPerHour: 600, withheldShare: 0.3 };
/** How slow slow is depends on the machine: the target is this part of the p99 that was seen. */
const TARGET_PART = 1 / 2;

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

interface Settings {
  changedBy: string | null;
  mode: string;
}

interface Candidates {
  predicted: { p99BeforeUs: number | null };
}

/** @throws when the server cannot be asked just now, or has nothing planned yet */
export async function switchOn({ url, apiKey, service, environment }: Door): Promise<void> {
  const scope = new URLSearchParams({ service, environment }).toString();
  const ask = async <Answer>(method: string, what: string, body?: object): Promise<Answer> => {
    const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
    const address = `${url}/api/v1/prefill/${what}?${scope}`;
    const answer = await fetch(address, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    if (!answer.ok) throw new Error(`prefill ${what} answered ${answer.status}`);
    return (await answer.json()) as Answer;
  };
  const { changedBy, mode } = await ask<Settings>("GET", "settings");
  if (changedBy !== null || mode !== "observe") return;
  const { p99BeforeUs } = (await ask<Candidates>("GET", "candidates")).predicted;
  if (p99BeforeUs === null) throw new Error("nothing is planned yet");
  await ask("PATCH", "settings", { ...CHOICES, targetUs: targetFor(p99BeforeUs) });
}

/** In milliseconds of two digits, as a person would set it. */
export function targetFor(p99Us: number): number {
  return Math.max(1_000, Math.round(Number((p99Us * TARGET_PART).toPrecision(2)) / 1_000) * 1_000);
}
