"use client";
import { Select } from "@/components/ui/select";
import { COMPARISON_NAMES, COMPARISONS, type View } from "./view";

const OPTIONS = COMPARISONS.map((value) => ({ value, label: `Compare: ${COMPARISON_NAMES[value]}` }));

export function ComparePicker({ view, change }: { view: View; change: (changes: Partial<View>) => void }) {
  return (
    <Select label="Compare with" value={view.compare} options={OPTIONS} onChange={(compare) => change({ compare })} />
  );
}
