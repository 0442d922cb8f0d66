import type { OutcomeName } from "@/lib/query/answers";

/** Outcomes in the order in which they are stacked, with their words and colours. */
export const OUTCOMES: readonly { name: OutcomeName; label: string; colour: string }[] = [
  { name: "ok", label: "ok", colour: "var(--ok)" },
  { name: "client_error", label: "client error", colour: "var(--client)" },
  { name: "server_error", label: "server error", colour: "var(--server)" },
  { name: "aborted", label: "aborted", colour: "var(--abort)" },
];
