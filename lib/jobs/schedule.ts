/** How often each job runs. The jobs themselves are in table.ts; this list alone is what pages and health need. */
export const SCHEDULE = [
  { name: "fold", everySeconds: 2, does: "Turns batches that came in into windows." },
  { name: "import", everySeconds: 2, does: "Turns imported history into windows." },
  { name: "roll_up", everySeconds: 20, does: "Adds windows up into wider ones." },
  { name: "alerts", everySeconds: 10, does: "Judges alert rules, and writes down whom to tell." },
  { name: "deliver", everySeconds: 2, does: "Tells receivers what alerts have to say." },
  { name: "heartbeat", everySeconds: 60, does: "Tells the address for heartbeats that alerts are judged." },
  { name: "prefill", everySeconds: 20, does: "Learns who visits what, and plans whom to fill." },
  { name: "prefill_harm", everySeconds: 60, does: "Switches filling off where it does harm." },
  { name: "partitions", everySeconds: 3_600, does: "Makes the partitions of the next days." },
  { name: "retention", everySeconds: 3_600, does: "Removes what has been kept long enough." },
  { name: "sign_in_cleanup", everySeconds: 3_600, does: "Removes expired sessions and links." },
] as const;

export type JobName = (typeof SCHEDULE)[number]["name"];
