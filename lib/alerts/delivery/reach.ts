import { config } from "../../config.ts";
import { TailfillError } from "../../errors.ts";
import type { NewReceiver } from "../../query/alert-receiver-schemas.ts";
import type { Secrets } from "./sealed.ts";
import { targetProblem } from "./target.ts";

/** How a receiver is reached, as people give it. */
export type Reach = Pick<Secrets, "url" | "routingKey" | "to">;
type Given = { [Field in keyof Reach]?: Reach[Field] | undefined };

const PAGERDUTY = "https://events.pagerduty.com/v2/enqueue";

/** What a receiver of a kind is reached by. @throws TailfillError `bad_request` for what it lacks, and for what its kind does not have */
export function reachOf(kind: NewReceiver["kind"], { url, routingKey, to }: Given): Reach {
  if (routingKey !== undefined && kind !== "pagerduty") throw refused("routingKey: only the kind pagerduty has one.");
  if (to !== undefined && kind !== "email") throw refused("to: only the kind email has it.");
  if (kind === "email") return mailReach(url, to);
  const address = checkedUrl(url ?? (kind === "pagerduty" ? PAGERDUTY : ""));
  if (kind !== "pagerduty") return { url: address };
  if (routingKey === undefined)
    throw refused("routingKey: is needed; it is the integration key of the service at PagerDuty.");
  return { url: address, routingKey };
}

function mailReach(url: string | undefined, to: string[] | undefined): Reach {
  if (url !== undefined) throw refused("url: the kind email has none; its addresses are in `to`.");
  if (to === undefined) throw refused("to: is needed; it holds the addresses that mail goes to.");
  if (config().smtpUrl === undefined)
    throw refused(
      "kind: for e-mail, whoever runs this server has to set TAILFILL_SMTP_URL and TAILFILL_SMTP_FROM first.",
    );
  return { to };
}

/** What may be shown of it: of an address the host alone, since a path or a query may be a token. */
export const shownOf = ({ url, to = [] }: Reach): string =>
  url === undefined ? `mailto:${to.join(",")}` : `${new URL(url).origin}/…`;

function checkedUrl(url: string): string {
  const problem = url === "" ? "is needed for a receiver of this kind" : targetProblem(url);
  if (problem !== null) throw refused(`url: ${problem}.`);
  return url;
}

const refused = (words: string) => new TailfillError("bad_request", words);
