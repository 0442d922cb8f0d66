import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";

export type ReceiverKind = AlertAnswer<"AlertReceiver">["kind"];

interface KindWords {
  label: string;
  /** What a receiver of this kind is reached by. */
  field: "url" | "routingKey" | "to";
  fieldLabel: string;
  /** Where that is found. */
  hint: string;
  placeholder: string;
}

const address = { field: "url", fieldLabel: "Address" } as const;

/** Kinds in the order in which they are offered. */
export const KINDS: Record<ReceiverKind, KindWords> = {
  webhook: {
    ...address,
    label: "Webhook",
    hint: "Of a program of your own, or of any service that takes JSON by POST. Messages are signed; the secret is shown once the receiver is made.",
    placeholder: "https://example.com/hook",
  },
  slack: {
    ...address,
    label: "Slack",
    hint: "In Slack: api.slack.com/apps, your app, Incoming Webhooks, Add New Webhook, choose the channel.",
    placeholder: "https://hooks.slack.com/services/…",
  },
  discord: {
    ...address,
    label: "Discord",
    hint: "In Discord: the channel’s settings, Integrations, Webhooks, New Webhook, Copy Webhook URL.",
    placeholder: "https://discord.com/api/webhooks/…",
  },
  teams: {
    ...address,
    label: "Teams",
    hint: "In Teams: the channel’s menu, Workflows, the template that begins when a webhook request is received. It shows the address at its end.",
    placeholder: "https://….logic.azure.com/workflows/…",
  },
  pagerduty: {
    label: "PagerDuty",
    field: "routingKey",
    fieldLabel: "Integration key",
    hint: "In PagerDuty: Services, the service, Integrations, Add an integration, Events API v2. It has 32 characters.",
    placeholder: "32 letters and digits",
  },
  email: {
    label: "E-mail",
    field: "to",
    fieldLabel: "Addresses",
    hint: "Up to 20, with commas in between.",
    placeholder: "on-call@example.com, ops@example.com",
  },
};

export const KIND_OPTIONS = (Object.keys(KINDS) as ReceiverKind[]).map((value) => ({
  value,
  label: KINDS[value].label,
}));
