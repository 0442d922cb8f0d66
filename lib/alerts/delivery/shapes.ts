import { cut } from "../cut.ts";
import { fitted, type Told } from "./fit.ts";
import { sentencesOf } from "./sentences.ts";

/** Kinds of receivers that are reached over HTTP. */
export type HttpKind = "webhook" | "slack" | "discord" | "teams" | "pagerduty";

const NOTE_LENGTH = 1_000;
const RED = 0xd64545;
const GREEN = 0x2f9e58;

/** The body that a receiver of a kind gets. Pure. `routingKey` is PagerDuty's. */
export function bodyOf(kind: HttpKind, told: Told, routingKey = ""): string {
  if (kind === "webhook") return JSON.stringify(fitted(told));
  return JSON.stringify(SHAPES[kind](told, routingKey));
}

const SHAPES: Record<Exclude<HttpKind, "webhook">, (told: Told, routingKey: string) => unknown> = {
  slack,
  discord,
  teams,
  pagerduty: pagerDuty,
};

/** Text that Slack reads as its own marks: names may hold a mention of a whole channel. */
const slackSafe = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

function slack(told: Told) {
  const { title, facts, note, url, more } = sentencesOf(told);
  const fields = facts.map(([name, value]) => `*${name}*: ${slackSafe(value)}`).join("\n");
  const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } });
  return {
    text: slackSafe(title),
    blocks: [
      { type: "header", text: { type: "plain_text", text: cut(title, 150) } },
      section(`${cut(fields, 2_900)}`),
      ...(note ? [section(cut(slackSafe(note), NOTE_LENGTH))] : []),
      section([`<${url}|Open the incident>`, ...(more ? [`<${more.url}|${more.text}>`] : [])].join("\n")),
    ],
  };
}

/** Names are whatever clients send: in Markdown they could be a link to anywhere, under any text. */
const markdownSafe = (text: string): string => text.replace(/[\\`*_~|>[\]()#-]/g, "\\$&");
/** Teams shows a backslash before most characters; links are what matters. */
const linkSafe = (text: string): string => text.replace(/[[\]]/g, "\\$&");

function discord(told: Told) {
  const { title, facts, note, url, more, isOver } = sentencesOf(told);
  const fields = facts.map(([name, value]) => ({ name, value: cut(markdownSafe(value), 1_000), inline: false }));
  return {
    embeds: [
      {
        title: cut(markdownSafe(title), 250),
        url,
        color: isOver ? GREEN : RED,
        timestamp: told.timestamp,
        ...(note ? { description: cut(note, NOTE_LENGTH) } : {}),
        fields: [...fields, ...(more ? [{ name: "More", value: `[${more.text}](${more.url})`, inline: false }] : [])],
      },
    ],
    allowed_mentions: { parse: [] },
  };
}

function teams(told: Told) {
  const { title, facts, note, url, more, isOver } = sentencesOf(told);
  const color = isOver ? "good" : "attention";
  const content = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    body: [
      { type: "TextBlock", text: linkSafe(title), weight: "bolder", size: "medium", wrap: true, color },
      { type: "FactSet", facts: facts.map(([name, value]) => ({ title: name, value: linkSafe(value) })) },
      ...(note ? [{ type: "TextBlock", text: cut(note, NOTE_LENGTH), wrap: true }] : []),
    ],
    actions: [
      { type: "Action.OpenUrl", title: "Open the incident", url },
      ...(more ? [{ type: "Action.OpenUrl", title: more.text, url: more.url }] : []),
    ],
  };
  return { type: "message", attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content }] };
}

const ACTIONS: Partial<Record<Told["type"], string>> = {
  "incident.resolved": "resolve",
  "incident.acknowledged": "acknowledge",
};

function pagerDuty(told: Told, routingKey: string) {
  const { title, facts, note, url, more } = sentencesOf(told);
  const { incident, service } = told.data;
  return {
    routing_key: routingKey,
    event_action: ACTIONS[told.type] ?? "trigger",
    dedup_key: incident.id,
    client: "tailfill",
    client_url: url,
    links: [{ href: url, text: "Open the incident" }, ...(more ? [{ href: more.url, text: more.text }] : [])],
    payload: {
      summary: title,
      source: service,
      severity: incident.severity === "page" ? "critical" : "warning",
      timestamp: told.timestamp,
      component: service,
      custom_details: { ...Object.fromEntries(facts), ...(note ? { note: cut(note, NOTE_LENGTH) } : {}) },
    },
  };
}
