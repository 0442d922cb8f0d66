/** Ports above 1,023 at which databases, caches and mail listen: what an HTTP request could still do harm to. */
const REFUSED_PORTS = new Set([
  1_433, 1_521, 1_719, 1_720, 1_723, 2_049, 2_375, 2_379, 2_380, 3_306, 3_389, 3_659, 4_045, 4_190, 5_060, 5_061, 5_432,
  5_984, 6_000, 6_379, 6_566, 6_665, 6_666, 6_667, 6_668, 6_669, 6_679, 6_697, 9_042, 9_200, 9_300, 10_080, 10_250,
  11_211, 27_017,
]);
const LENGTH = 2_000;

/**
 * What is wrong with an address by its text alone, in words; `null`: nothing. Whether its network may be reached shows only when it
 * is connected to, each time: what a name stands for changes.
 */
export function targetProblem(text: string): string | null {
  if (text.length > LENGTH) return `must have at most ${LENGTH} characters`;
  if (!URL.canParse(text)) return "must be an address, as https://example.com/hook";
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") return "must begin with https:// or http://";
  if (url.username !== "" || url.password !== "") return "must not hold a user name or password";
  const port = portOf(url);
  if (port !== 80 && port !== 443 && (port < 1_024 || REFUSED_PORTS.has(port)))
    return `must not have the port ${port}: 80, 443, and those above 1023 that no database or mail server has, are good`;
  return null;
}

export const portOf = (url: URL): number => Number(url.port) || (url.protocol === "https:" ? 443 : 80);
