import type { CachePart } from "@/lib/wire/index";
import type { AnyRequest, Client, UserId } from "@/lib/sdk/src/client-type";

export interface Sample {
  method: string;
  route: string;
  outcome: string;
  latencyUs: number;
  user: UserId;
  part?: CachePart | undefined;
}

/** A client that keeps what it is told. */
export interface RecordingClient extends Client {
  readonly samples: Sample[];
  readonly errors: unknown[];
}

export function recordingClient(userOf?: (request: AnyRequest) => UserId): RecordingClient {
  const samples: Sample[] = [];
  const errors: unknown[] = [];
  return {
    enabled: true,
    samples,
    errors,
    userOf,
    record: (method, route, outcome, latencyUs, user, part) =>
      void samples.push({ method, route, outcome, latencyUs, user, part }),
    report: (error) => void errors.push(error),
    flush: async () => undefined,
    stop: async () => undefined,
    stats: () => {
      throw new Error("no adapter asks for stats");
    },
  };
}
