import type { DatabasePoint } from "@/lib/query/database-answers";

/** The two parts of a request's time, lowest first, as they are stacked. */
export const TIME_PARTS = [
  { key: "database", label: "Database", colour: "var(--p99)", of: (point: DatabasePoint) => point.databaseMeanUs },
  { key: "rest", label: "Everything else", colour: "var(--ok)", of: (point: DatabasePoint) => point.restMeanUs },
] as const;
