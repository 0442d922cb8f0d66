import type { ReplicaFacts } from "../../store/replica-facts.ts";
import { bytesText, type Finding, ok, warn } from "./finding.ts";

/** So much is caught up within seconds. */
const MUCH_BYTES = 64e6;

/** Questions go to the database itself while its replica is no help: nothing fails for it. */
export function judgeReplica(replica: ReplicaFacts): Finding {
  if (!replica.reachable)
    return warn(
      "replica",
      replica.why,
      "Start it, or correct DATABASE_READ_URL: meanwhile the database is asked itself.",
    );
  if (!replica.isStandby)
    return warn(
      "replica",
      "It is no standby: its answers may be of another database.",
      "Let DATABASE_READ_URL lead to a streaming replica.",
    );
  if (replica.behindBytes > MUCH_BYTES)
    return warn(
      "replica",
      `It is ${bytesText(replica.behindBytes)} behind.`,
      "See why it does not keep up: meanwhile the database is asked itself.",
    );
  return ok("replica", `It follows, ${bytesText(replica.behindBytes)} behind.`);
}
