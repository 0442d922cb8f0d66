import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import type { ReceiverKind } from "./receiver-kinds";

type Receiver = AlertAnswer<"AlertReceiver">;

/** Which of PagerDuty's two clouds an account is in. */
export const REGIONS = [
  { value: "us", label: "US" },
  { value: "eu", label: "EU" },
] as const;
export type Region = (typeof REGIONS)[number]["value"];

const PAGERDUTY: Record<Region, string> = {
  us: "https://events.pagerduty.com/v2/enqueue",
  eu: "https://events.eu.pagerduty.com/v2/enqueue",
};

/** A receiver as somebody fills it in. */
export interface ReceiverDraft {
  name: string;
  kind: ReceiverKind;
  url: string;
  routingKey: string;
  region: Region;
  /** Addresses with commas, blanks or line ends in between. */
  to: string;
}

export const NEW_DRAFT: ReceiverDraft = { name: "", kind: "webhook", url: "", routingKey: "", region: "us", to: "" };

/** What is known of a receiver: its address is secret, so that its field begins empty. Those of mail are not. */
export function draftOf({ name, kind, url }: Receiver): ReceiverDraft {
  const region = kind === "pagerduty" && url.startsWith(new URL(PAGERDUTY.eu).origin) ? "eu" : "us";
  return { ...NEW_DRAFT, name, kind, region, to: kind === "email" ? shownAddress(url).replaceAll(",", ", ") : "" };
}

/** The address as it is shown to people. */
export const shownAddress = (url: string): string => url.replace(/^mailto:/, "");

/** What makes it. Fields of other kinds stay out, whatever was typed into them before. */
export function newReceiver({ name, kind, url, routingKey, region, to }: ReceiverDraft): Record<string, unknown> {
  if (kind === "email") return { name, kind, to: addressesOf(to) };
  if (kind !== "pagerduty") return { name, kind, url };
  return { name, kind, routingKey: routingKey.trim(), ...(region === "us" ? {} : { url: PAGERDUTY[region] }) };
}

/** What changes it: nothing that stays as it was, so that a secret that was not typed is kept. */
export function changesOf(receiver: Receiver, draft: ReceiverDraft): Record<string, unknown> {
  const before = draftOf(receiver);
  const { name, kind, url, routingKey, region, to } = draft;
  return {
    ...(name === before.name ? {} : { name }),
    ...(kind !== "pagerduty" && url.trim() !== "" ? { url } : {}),
    ...(kind === "pagerduty" && routingKey.trim() !== "" ? { routingKey: routingKey.trim() } : {}),
    ...(kind === "pagerduty" && region !== before.region ? { url: PAGERDUTY[region] } : {}),
    ...(kind === "email" && to !== before.to ? { to: addressesOf(to) } : {}),
  };
}

const addressesOf = (text: string): string[] => text.split(/[\s,;]+/).filter((one) => one !== "");
