"use client";
import type { ServicesAnswer } from "@/lib/query/answers";
import { Select } from "@/components/ui/select";
import type { View } from "./view";

interface ServicePickerProps {
  services: ServicesAnswer["services"];
  /** What the answer on the page is about. */
  service: string;
  environment: string;
  change: (changes: Partial<View>) => void;
}

export function ServicePicker({ services, service, environment, change }: ServicePickerProps) {
  if (services.length === 0) return null;
  const environments = services.find((s) => s.name === service)?.environments ?? [];
  return (
    <>
      <Select
        label="Service"
        value={service}
        options={optionsOf(services.map((s) => s.name))}
        onChange={(next) => change({ service: next, environment: "" })}
      />
      <Select
        label="Environment"
        value={environment}
        options={optionsOf(environments)}
        onChange={(next) => change({ service, environment: next })}
      />
    </>
  );
}

const optionsOf = (names: readonly string[]) => names.map((value) => ({ value, label: value }));
