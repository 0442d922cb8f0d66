import { randomUUID } from "node:crypto";
import { gzipSync } from "node:zlib";
import { Recorder } from "@/lib/sdk/src/recorder/recorder";
import { encodeBatchInSlices } from "@/lib/wire/index";
import { seeded } from "./samples.ts";

/** What apps send: the load of a whole installation. */
export interface Traffic {
  requestsPerSecond: number;
  /** Processes of the apps: each sends a batch in ten seconds. */
  instances: number;
  /** Endpoints of one service; every instance of it serves all of them. */
  endpointsAService: number;
  services: number;
  /** Users that are there at some time of an hour; 0: requests without users. */
  usersAnHour: number;
}

export const WINDOW_MS = 10_000;
/** A user is there for six minutes of the hour. */
const SESSION_SHARE = 0.1;

export interface LoadBatch {
  body: Uint8Array<ArrayBuffer>;
  requests: number;
}

/** The instances of an installation, simulated: what they would have recorded arrives as their SDK would send it. */
export class Fleet {
  private readonly random = seeded(7);
  private readonly recorder = new Recorder();

  constructor(readonly traffic: Traffic) {}

  /** The window of one instance that began at a time, encoded and compressed. */
  batch(instance: number, startMs: number): LoadBatch {
    const { requestsPerSecond, instances, endpointsAService, services, usersAnHour } = this.traffic;
    const requests = Math.round((requestsPerSecond * WINDOW_MS) / 1_000 / instances);
    const active = Math.max(1, Math.round(usersAnHour * SESSION_SHARE));
    const first = Math.floor((startMs / 3_600_000) * usersAnHour);
    for (let n = 0; n < requests; n++) {
      const endpoint = Math.floor(endpointsAService * this.random() ** 2); // some are asked more often than others
      const user = usersAnHour === 0 ? undefined : `user-${(first + Math.floor(this.random() * active)) % usersAnHour}`;
      const us = Math.round(Math.exp(8 + 2.5 * (this.random() + this.random() - 1)) * 10);
      this.recorder.record("GET", `/part-${endpoint}/:id`, "ok", us, user);
    }
    return { body: this.encode(`service-${instance % services}`, { instance, startMs }), requests };
  }

  private encode(service: string, { instance, startMs }: { instance: number; startMs: number }) {
    const source = { batch: randomUUID(), service, environment: "production", instance: `web-${instance}` };
    const window = { startMs, seconds: WINDOW_MS / 1_000 };
    const encoding = encodeBatchInSlices(this.recorder.swap(), { ...source, window });
    let step = encoding.next();
    while (!step.done) step = encoding.next();
    return new Uint8Array(gzipSync(step.value));
  }
}
