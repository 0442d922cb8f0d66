import { randomBytes } from "node:crypto";
import type { DecisionEvent, FillEvent, PrefillEvent, PrefillReport, VisitEvent } from "@/lib/wire/index";

/** A UUID version 7 of a moment. */
export function idAt(ms: number): string {
  const time = ms.toString(16).padStart(12, "0");
  const rest = randomBytes(10).toString("hex");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6, 18)}`;
}

/** A decision to fill at a moment, worth it for ten minutes. */
export function decision(atMs: number, changes: Partial<DecisionEvent> = {}): DecisionEvent {
  return {
    type: "decision",
    id: idAt(atMs),
    atMs,
    definition: "feed",
    user: "42",
    signal: "session",
    arm: "fill",
    use: 0.5,
    delta: 0.75,
    costUs: 400_000,
    price: 0.25,
    notAfterMs: atMs + 600_000,
    ...changes,
  };
}

export const fillOf = ({ id, atMs }: DecisionEvent, changes: Partial<FillEvent> = {}): FillEvent => ({
  type: "fill",
  id,
  atMs: atMs + 500,
  state: "filled",
  tookUs: 400_000,
  bytes: 2_000,
  ...changes,
});

export const visitOf = ({ id, atMs }: DecisionEvent, changes: Partial<VisitEvent> = {}): VisitEvent => ({
  type: "visit",
  id,
  atMs: atMs + 5_000,
  cache: "hit",
  latencyUs: 20_000,
  ...changes,
});

export function reportOf(events: readonly PrefillEvent[], changes: Partial<PrefillReport> = {}): PrefillReport {
  return {
    v: 1,
    service: "shop",
    environment: "production",
    instance: "web-1",
    definitions: [{ name: "feed", ttlSeconds: 600, signals: [] }],
    events: [...events],
    ...changes,
  };
}
