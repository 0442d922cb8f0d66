import type { FillState } from "../../../wire/index.ts";
import type { FillOrder, FillResult } from "./definition-type.ts";
import type { FlightPlan } from "./flight.ts";
import { depart, mayJoin, underWay } from "./flights.ts";
import { orNothing } from "./guard.ts";

/** Computes and stores a value in the background, unless it is there or on its way. Never rejects. */
export async function fill<Value>(plan: FlightPlan<Value> & { order: FillOrder }): Promise<FillResult> {
  const { shelf, address, order, clock } = plan;
  if (clock.wallMs() >= order.notAfterMs) return unneeded("late");
  if (order.signal?.aborted) return unneeded("dropped");
  const found = await orNothing(shelf.read(address));
  // What cannot be stored is not computed either.
  if (found === undefined) return unneeded("failed");
  if (found.freshness === "fresh" && found.entry) {
    await orNothing(shelf.note(address, found.entry, order));
    if (!order.refresh) return unneeded("warm");
  }
  const flight = underWay(plan);
  if (flight && (await mayJoin(flight, plan))) return unneeded(flight.order ? "warm" : "late");
  const { state, tookUs, bytes } = await depart({ ...plan, replaces: found.entry?.e }).landed;
  return { state, tookUs, bytes };
}

function unneeded(state: FillState): FillResult {
  return { state, tookUs: 0, bytes: 0 };
}
