import { cleanName } from "../../wire/index.ts";
import { type Attributes, firstOf } from "./attributes.ts";

/** Who sent: what a batch says of it. */
export interface Source {
  service: string;
  environment: string;
  instance: string;
  release?: string;
}

/** The source that a resource names. What it leaves out has a name here, so that nothing is lost. */
export function sourceOf(resource: Attributes): Source {
  const release = firstOf(resource, "service.version");
  const name = (otherwise: string, ...names: string[]) => cleanName(firstOf(resource, ...names) ?? otherwise);
  return {
    service: name("unknown_service", "service.name"),
    environment: name("production", "deployment.environment.name", "deployment.environment"),
    instance: name(processOf(resource), "service.instance.id"),
    ...(release === undefined ? {} : { release: cleanName(release) }),
  };
}

function processOf(resource: Attributes): string {
  const parts = [firstOf(resource, "host.name", "k8s.pod.name", "container.id"), firstOf(resource, "process.pid")];
  return parts.filter((part) => part !== undefined).join(":") || "unknown";
}

/** Names the service and environment of a source as one text. */
export const scopeKeyOf = ({ service, environment }: Pick<Source, "service" | "environment">): string =>
  JSON.stringify([service, environment]);
