import { Flight, type FlightPlan, type Landing } from "./flight.ts";
import { orNothing } from "./guard.ts";

/** What a visit got, and whether somebody else computed it. */
export interface Arrival<Value> {
  value: Value;
  joined: boolean;
  decision: string | undefined;
}

/**
 * The value by the flight under way, if it may be joined, else by a new one: in any case by a load that saw all that was
 * invalidated before this visit. Rejects with what `load` rejected with.
 */
export async function arrive<Value>(plan: FlightPlan<Value>): Promise<Arrival<Value>> {
  let force = false;
  for (let refused: Flight<Value> | undefined; ;) {
    const flight = underWay(plan);
    if (flight === undefined || flight === refused) break;
    const joins = await mayJoin(flight, plan);
    // While the store cannot be asked, nobody knows whether an older flight is still valid. It is waited for all the
    // same: those who come meanwhile share the next one, in place of computing all at once.
    const landing = joins || plan.blind ? await join(flight, plan) : undefined;
    if (joins && landing?.value) return { value: landing.value[0], joined: true, decision: landing.decision };
    // A visit's failure is that of all who joined it. A fill's may be that it was cut short.
    if (joins && landing?.error && flight.order === undefined) throw landing.error[0];
    force ||= flight.tired;
    refused = flight;
  }
  const { value, error, found = false, decision } = await depart({ ...plan, force }).landed;
  if (value === undefined) throw error?.[0];
  return { value: value[0], joined: found, decision };
}

/** Begins a flight that others can join. */
export function depart<Value>(plan: FlightPlan<Value>): Flight<Value> {
  const { flights } = plan.shelf.store;
  const { key } = plan.address;
  const flight = new Flight(plan);
  flights.set(key, flight);
  void flight.landed.then(() => flights.get(key) === flight && flights.delete(key));
  return flight;
}

/** This process's flight for the same key, if there is one. */
export function underWay<Value>({ shelf, address }: FlightPlan<Value>): Flight<Value> | undefined {
  // Safe: no two definitions share a key.
  return shelf.store.flights.get(address.key) as Flight<Value> | undefined;
}

/** Whether what it computes is valid for this one who asks: nothing was invalidated since it looked. */
export async function mayJoin<Value>(flight: Flight<Value>, plan: FlightPlan<Value>): Promise<boolean> {
  if (flight.startMs >= plan.askedMs) return true;
  if (plan.blind) return false;
  await flight.begun;
  if (flight.versions === null) return false;
  const current = await orNothing(plan.shelf.store.versions(plan.address));
  return current === flight.versions && underWay(plan) === flight;
}

/** Waits for the flight; in vain when it takes too long: then nobody else waits for it either. */
async function join<Value>(flight: Flight<Value>, plan: FlightPlan<Value>): Promise<Landing<Value> | undefined> {
  const { clock, settings, shelf, address } = plan;
  flight.joined++;
  let timer: { cancel: () => void } | undefined;
  const tooLong = new Promise<undefined>((resolve) => {
    timer = clock.after(settings.waitMs, () => resolve(undefined), true);
  });
  const landing = await Promise.race([flight.landed, tooLong]);
  timer?.cancel();
  if (landing !== undefined) return landing;
  flight.joined--;
  flight.tired = true;
  if (underWay(plan) === flight) shelf.store.flights.delete(address.key);
  return undefined;
}
