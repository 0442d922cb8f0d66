import { request, type Agent, type ClientRequest } from "node:http";
import type { Step } from "./day.ts";
import type { Person } from "./population.ts";

const SLOW_LINE_BYTES = 400;
const SLOW_LINE_PAUSE_MS = 30;
const BODY = JSON.stringify({ about: "I read every comment under every post. ".repeat(60) });

export interface Asker {
  agent: Agent;
  port: number;
}

/**
 * Sends one request as this person would: leaves when patience ends, and trickles its body over a slow line,
 * which the server feels as latency. (A slow line on the way back costs the server nothing until its buffers are full.)
 * Never throws.
 */
export function ask({ agent, port }: Asker, who: Person, step: Step): void {
  const body = step.method === "GET" ? "" : BODY;
  const headers = { cookie: `session=${who.name}`, "content-type": "application/json", "content-length": body.length };
  const sent = request({ agent, host: "127.0.0.1", port, path: step.path, method: step.method, headers });
  const patience = setTimeout(() => sent.destroy(), who.patienceMs);
  const done = () => clearTimeout(patience);
  sent.on("error", done); // leaving early ends in an error here: that is the person's will
  sent.on("response", (answer) => answer.on("close", done).on("error", done).resume());
  if (who.line === "slow") trickle(sent, body);
  else sent.end(body);
}

function trickle(sent: ClientRequest, rest: string): void {
  if (sent.destroyed) return;
  if (rest.length <= SLOW_LINE_BYTES) return void sent.end(rest);
  sent.write(rest.slice(0, SLOW_LINE_BYTES));
  setTimeout(() => trickle(sent, rest.slice(SLOW_LINE_BYTES)), SLOW_LINE_PAUSE_MS);
}
