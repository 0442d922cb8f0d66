import { build } from "hdr-histogram-js";
import { Counter, Histogram, Registry } from "prom-client";
import { Recorder } from "@/lib/sdk/src/recorder/recorder";
import { cpuNs, medians, type Row, short } from "./rounds.ts";
import { latencies, seeded } from "./samples.ts";

const ENDPOINTS = 200;
const USERS = 10_000;

/** Twenty samples for each user: what a window of 10 s holds. It begins empty, so endpoints and series are made in it. */
const RECORDS = 20 * USERS;
const ROUNDS = 15;

const random = seeded(7);
const latencyUs = latencies(1 << 16);
const routes = Array.from({ length: ENDPOINTS }, (_, at) => `/shop/${at}/items/:id`);
const users = Array.from({ length: USERS }, (_, at) => `user-${at}`);
const whichUser = Uint16Array.from({ length: 1 << 16 }, () => random() * USERS);
const whichRoute = Uint8Array.from({ length: 1 << 16 }, () => random() * ENDPOINTS);

type Record = (route: string, latencyUs: number, user: string) => void;

/** Nanoseconds of CPU per record. With `spread`, any user may be at any endpoint; else each keeps to one endpoint. */
function run(make: () => Record, spread = false): () => number {
  return () => {
    const record = make();
    const drive = () => {
      for (let at = 0; at < RECORDS; at++) {
        const slot = (at * 40_503) & 0xffff;
        const user = whichUser[slot]!;
        const route = spread ? whichRoute[(slot + at) & 0xffff]! : user % ENDPOINTS;
        record(routes[route]!, latencyUs[slot]!, users[user]!);
      }
    };
    return cpuNs(drive) / RECORDS;
  };
}

function tailfill(withUser: boolean): () => Record {
  return () => {
    const recorder = new Recorder();
    return (route, value, user) => recorder.record("GET", route, "ok", value, withUser ? user : undefined);
  };
}

function newPeer() {
  return build({ bitBucketSize: 32, highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: 2 });
}

function hdr(withUser: boolean): () => Record {
  return () => {
    const byEndpoint = new Map<string, ReturnType<typeof newPeer>>();
    const byUser = new Map<string, Map<string, ReturnType<typeof newPeer>>>();
    return (route, value, user) => {
      let endpoint = byEndpoint.get(route);
      if (!endpoint) byEndpoint.set(route, (endpoint = newPeer()));
      endpoint.recordValue(value);
      if (!withUser) return;
      let ofEndpoint = byUser.get(route);
      if (!ofEndpoint) byUser.set(route, (ofEndpoint = new Map()));
      let series = ofEndpoint.get(user);
      if (!series) ofEndpoint.set(user, (series = newPeer()));
      series.recordValue(value);
    };
  };
}

function promClient(): Record {
  const registers = [new Registry()];
  const labelNames = ["method", "route", "status"];
  const seconds = new Histogram({ name: "seconds", help: "-", labelNames, registers });
  const total = new Counter({ name: "total", help: "-", labelNames, registers });
  return (route, value) => {
    const labels = { method: "GET", route, status: "200" };
    seconds.observe(labels, value / 1e6);
    total.inc(labels);
  };
}

export default async function bench(): Promise<Row[]> {
  const found = medians(
    {
      "loop alone": run(() => () => {}),
      "tailfill, endpoint": run(tailfill(false)),
      "tailfill, endpoint + user": run(tailfill(true)),
      "tailfill, endpoint + user, any user anywhere": run(tailfill(true), true),
      "hdr-histogram-js, endpoint": run(hdr(false)),
      "hdr-histogram-js, endpoint + user": run(hdr(true)),
      "prom-client, endpoint": run(() => promClient()),
    },
    ROUNDS,
  );
  const ours = found["tailfill, endpoint + user"]! - found["loop alone"]!;
  return Object.entries(found).map(([what, ns]) => {
    const net = ns - found["loop alone"]!;
    return { what, nsPerRecord: short(ns), nsWithoutLoop: short(net), timesOurs: short(net / ours, 2) };
  });
}
