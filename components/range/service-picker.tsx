"use client";
import { shownShort } from "@/components/format/shown";
import type { ServicesAnswer } from "@/lib/query/answers";
import { Select } from "@/components/ui/select";
import type { View } from "./view";

interface ServicePickerProps {
  services: ServicesAnswer["services"];
  /** What is chosen; empty = all. */
  service: string;
  environment: string;
  change: (changes: Partial<View>) => void;
}

export function ServicePicker({ services, service, environment, change }: ServicePickerProps) {
  if (services.length === 0) return null;
  const among = service === "" ? services : services.filter((s) => s.name === service);
  const environments = [...new Set(among.flatMap((s) => s.environments))];
  return (
    <>
      <Select
        label="Service"
        value={service}
        options={optionsOf("All services", [...services.map((s) => s.name), service])}
        onChange={(next) => change({ service: next, environment: "" })}
      />
      <Select
        label="Environment"
        value={environment}
        options={optionsOf("All environments", [...environments, environment])}
        onChange={(next) => change({ environment: next })}
      />
    </>
  );
}

/** What is chosen stays in the list even when it has never sent anything. */
function optionsOf(all: string, names: readonly string[]) {
  const distinct = [...new Set(names)].filter((name) => name !== "");
  return [{ value: "", label: all }, ...distinct.map((value) => ({ value, label: shownShort(value, 60) }))];
}
