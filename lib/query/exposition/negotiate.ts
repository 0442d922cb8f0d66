/** The two text forms of metrics. */
export type Form = "prometheus" | "openmetrics";

export const MEDIA_TYPE: Record<Form, string> = {
  prometheus: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/** The form that an `Accept` header likes best: OpenMetrics 1.0 when it is named and not liked less, else Prometheus' own. */
export function formFor(accept: string | null): Form {
  let openmetrics = 0;
  let text = 0;
  for (const range of (accept ?? "").toLowerCase().split(",")) {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim());
    const quality = qualityOf(parameters);
    const version = valueOf(parameters, "version");
    if (type === "application/openmetrics-text" && (version ?? "1.0.0") === "1.0.0")
      openmetrics = Math.max(openmetrics, quality);
    if (type === "text/plain" && (version ?? "0.0.4") === "0.0.4") text = Math.max(text, quality);
  }
  return openmetrics > 0 && openmetrics >= text ? "openmetrics" : "prometheus";
}

function qualityOf(parameters: readonly string[]): number {
  const quality = Number(valueOf(parameters, "q") ?? 1);
  return quality >= 0 && quality <= 1 ? quality : 0;
}

function valueOf(parameters: readonly string[], name: string): string | undefined {
  const found = parameters.find((parameter) => parameter.startsWith(`${name}=`));
  return found?.slice(name.length + 1).replaceAll('"', "");
}
