import type { CatalogEndpoint } from "../../store/catalog.ts";
import { VERSION } from "../../version.ts";
import { lossUnitOf } from "../../wire/index.ts";
import { type JobStatus, OUTCOME_NAMES } from "../answers.ts";
import type { Edge } from "./edges.ts";
import type { Exposed } from "./expose.ts";
import { type Family, labelsOf, type Sample, withLabel } from "./family.ts";
import type { Counted, Recent } from "./gather.ts";

/** Every metric that tailfill exposes: docs/prometheus.md lists them. */
export function familiesOf(exposed: Exposed): Family[] {
  return [...ofEndpoints(exposed), ...ofWindows(exposed), ...ofLosses(exposed), ...ofTailfill(exposed)];
}

const gauge = (name: string, help: string, samples: Iterable<Sample>): Family => ({
  name,
  type: "gauge",
  help,
  samples,
  ...(name.endsWith("_seconds") ? { unit: "seconds" } : {}),
});
const counter = (name: string, help: string, samples: Iterable<Sample>): Family => ({
  name,
  type: "counter",
  help,
  samples,
});
const one = (value: number): Sample[] => [{ suffix: "", labels: "", value }];

const placeOf = ({ service, environment }: { service: string; environment: string }) => ({
  service_name: service,
  deployment_environment_name: environment,
});
const endpointLabels = (endpoint: CatalogEndpoint): string =>
  labelsOf({ ...placeOf(endpoint), http_request_method: endpoint.method, http_route: endpoint.route });

function ofEndpoints({ counted, edges }: Exposed): Family[] {
  const histogram: Family = {
    name: "http_server_request_duration_seconds",
    type: "histogram",
    unit: "seconds",
    help: "Latency of requests by endpoint, of all outcomes. Bucket counts are exact.",
    samples: edges.length === 0 ? [] : histogramSamples(counted, edges),
  };
  const requests = counter("tailfill_requests", "Requests by endpoint and outcome.", outcomeSamples(counted));
  return edges.length === 0 ? [requests] : [histogram, requests];
}

function* histogramSamples(counted: readonly Counted[], edges: readonly Edge[]): Generator<Sample> {
  for (const { endpoint, upTo, count, sumUs, sinceSeconds } of counted) {
    const labels = endpointLabels(endpoint);
    for (const [place, { le }] of edges.entries())
      yield { suffix: "_bucket", labels: withLabel(labels, "le", le), value: upTo[place]! };
    yield { suffix: "_bucket", labels: withLabel(labels, "le", "+Inf"), value: count };
    yield { suffix: "_sum", labels, value: sumUs / 1e6 };
    yield { suffix: "_count", labels, value: count };
    yield { suffix: "_created", labels, value: sinceSeconds };
  }
}

function* outcomeSamples(counted: readonly Counted[]): Generator<Sample> {
  for (const { endpoint, byOutcome, sinceSeconds } of counted) {
    const labels = endpointLabels(endpoint);
    for (const [place, outcome] of OUTCOME_NAMES.entries()) {
      const own = withLabel(labels, "outcome", outcome);
      yield { suffix: "_total", labels: own, value: byOutcome[place]! };
      yield { suffix: "_created", labels: own, value: sinceSeconds };
    }
  }
}

function ofWindows({ recent, services, percentiles, windowSeconds, windowEndSeconds }: Exposed): Family[] {
  const minutes = `${windowSeconds / 60}m`;
  const serviceLabels = ({ service, environment }: CatalogEndpoint) => labelsOf(placeOf({ service, environment }));
  const over = `over the last ${windowSeconds / 60} min of closed windows`;
  return [
    gauge(
      "tailfill_request_duration_percentile_seconds",
      `Percentiles of an endpoint's latency ${over}; absent without requests.`,
      percentileSamples(recent, { percentiles, minutes, labels: endpointLabels }),
    ),
    gauge(
      "tailfill_window_requests",
      `Requests of an endpoint ${over}: what its percentiles rest on.`,
      windowSamples(recent, minutes, endpointLabels),
    ),
    gauge(
      "tailfill_service_request_duration_percentile_seconds",
      `Percentiles of a service's latency, all endpoints together, ${over}; absent without requests.`,
      percentileSamples(services, { percentiles, minutes, labels: serviceLabels }),
    ),
    gauge(
      "tailfill_service_window_requests",
      `Requests of a service ${over}.`,
      windowSamples(services, minutes, serviceLabels),
    ),
    gauge(
      "tailfill_window_end_timestamp_seconds",
      "When the last closed window ended. It stays behind while batches wait to be folded.",
      one(windowEndSeconds),
    ),
  ];
}

interface PercentileWish {
  percentiles: readonly number[];
  minutes: string;
  labels: (endpoint: CatalogEndpoint) => string;
}

function* percentileSamples(
  recent: readonly Recent[],
  { percentiles, minutes, labels }: PercentileWish,
): Generator<Sample> {
  for (const { endpoint, percentilesUs } of recent) {
    const own = withLabel(labels(endpoint), "window", minutes);
    for (const [place, percentile] of percentiles.entries()) {
      const us = percentilesUs[place];
      if (us === null || us === undefined) continue;
      yield { suffix: "", labels: withLabel(own, "percentile", String(percentile)), value: us / 1e6 };
    }
  }
}

function* windowSamples(
  recent: readonly Recent[],
  minutes: string,
  labels: (endpoint: CatalogEndpoint) => string,
): Generator<Sample> {
  for (const { endpoint, count } of recent)
    yield { suffix: "", labels: withLabel(labels(endpoint), "window", minutes), value: count };
}

function ofLosses({ lost, refused }: Exposed): Family[] {
  const losses = lost.map(({ reason, count, ...place }) => ({
    suffix: "_total",
    labels: labelsOf({ ...placeOf(place), reason, unit: lossUnitOf(reason) }),
    value: count,
  }));
  const refusals = refused.map(({ code, count }) => ({ suffix: "_total", labels: labelsOf({ code }), value: count }));
  return [
    counter("tailfill_losses", "What could not be kept, or not under its own name or time, by reason.", losses),
    counter("tailfill_refused_requests", "Requests to ingest that were refused whole, by error code.", refusals),
  ];
}

function ofTailfill({ counted, cut, waiting, oldestWaitingSeconds, jobs }: Exposed): Family[] {
  return [
    {
      name: "tailfill_build",
      type: "info",
      help: "The version of tailfill.",
      samples: [{ suffix: "_info", labels: labelsOf({ version: VERSION }), value: 1 }],
    },
    gauge("tailfill_exposed_endpoints", "Endpoints in this answer.", one(counted.length)),
    gauge(
      "tailfill_cut_endpoints",
      "Endpoints that had no room in this answer: scrape by service and environment.",
      one(cut),
    ),
    gauge("tailfill_waiting_batches", "Batches that wait to be folded into windows.", one(waiting)),
    gauge(
      "tailfill_oldest_waiting_batch_age_seconds",
      "For how long the oldest of them has waited; 0 when none does.",
      one(oldestWaitingSeconds),
    ),
    ...ofJobs(jobs),
  ];
}

function ofJobs(jobs: readonly JobStatus[]): Family[] {
  const each = (suffix: string, valueOf: (job: JobStatus) => number | null): Sample[] =>
    jobs.flatMap((job) => {
      const value = valueOf(job);
      return value === null ? [] : [{ suffix, labels: labelsOf({ job_name: job.job }), value }];
    });
  return [
    gauge(
      "tailfill_job_healthy",
      "Whether a background job runs when it should: 1 or 0.",
      each("", ({ healthy }) => Number(healthy)),
    ),
    counter(
      "tailfill_job_runs",
      "Runs of a background job.",
      each("_total", ({ runs }) => runs),
    ),
    counter(
      "tailfill_job_failures",
      "Runs of a background job that failed.",
      each("_total", ({ failures }) => failures),
    ),
    gauge(
      "tailfill_job_last_success_timestamp_seconds",
      "When a background job last ended well.",
      each("", ({ succeededAt }) => (succeededAt === null ? null : Date.parse(succeededAt) / 1_000)),
    ),
    gauge(
      "tailfill_job_last_duration_seconds",
      "How long its last run took.",
      each("", ({ durationMs }) => (durationMs === null ? null : durationMs / 1_000)),
    ),
  ];
}
