"use client";
import { X } from "lucide-react";
import { shownShort } from "@/components/format/shown";
import { Button } from "@/components/ui/button";
import { Select } from "@/components/ui/select";
import { STATES, type DeliveriesAsked } from "./deliveries-search";
import { STATE_WORDS } from "./event-words";

export interface Named {
  id: string;
  name: string;
}

/** What the log can be narrowed to, by name. */
export interface FilterNames {
  receivers: readonly Named[];
  rules: readonly Named[];
}

interface DeliveryFiltersProps {
  filters: DeliveriesAsked;
  filter: (changes: Partial<DeliveriesAsked>) => void;
  names: FilterNames;
}

export function DeliveryFilters({ filters, filter, names }: DeliveryFiltersProps) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      {filters.incident !== null && (
        <Button onClick={() => filter({ incident: null })} aria-label="Show those of all incidents">
          of one incident <X size={14} aria-hidden />
        </Button>
      )}
      <Select
        label="Receiver"
        value={filters.receiver ?? ""}
        options={optionsOf("All receivers", names.receivers, filters.receiver)}
        onChange={(id) => filter({ receiver: id === "" ? null : id })}
      />
      <Select
        label="State"
        value={filters.state ?? ""}
        options={[
          { value: "" as const, label: "All states" },
          ...STATES.map((value) => ({ value, label: STATE_WORDS[value] })),
        ]}
        onChange={(state) => filter({ state: state === "" ? null : state })}
      />
      <Select
        label="Rule"
        value={filters.rule ?? ""}
        options={optionsOf("All rules", names.rules, filters.rule)}
        onChange={(id) => filter({ rule: id === "" ? null : id })}
      />
    </div>
  );
}

/** What is chosen stays in the list when it is gone. */
function optionsOf(all: string, named: readonly Named[], chosen: string | null) {
  const known = named.map(({ id, name }) => ({ value: id, label: shownShort(name, 60) }));
  const gone = chosen !== null && !named.some(({ id }) => id === chosen);
  return [{ value: "", label: all }, ...known, ...(gone ? [{ value: chosen, label: "one that is gone" }] : [])];
}
