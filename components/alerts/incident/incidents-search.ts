/** Which incidents the address asks for; what is empty, all. */
export interface IncidentsWish {
  state: "all" | "open" | "resolved";
  rule: string;
  before: string;
}

/** The question about them, and the key under which its answer is remembered. */
export function incidentsSearch({ state, rule, before }: IncidentsWish): string {
  return new URLSearchParams({
    ...(state !== "all" && { state }),
    ...(rule !== "" && { rule }),
    ...(before !== "" && { before }),
  }).toString();
}
