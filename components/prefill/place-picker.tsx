"use client";
import { shownShort } from "@/components/format/shown";
import type { View } from "@/components/range/view";
import { Select } from "@/components/ui/select";
import type { ServicesAnswer } from "@/lib/query/answers";
import { placesOf, type Place } from "./place";

interface PlacePickerProps {
  services: ServicesAnswer["services"];
  place: Place;
  change: (changes: Partial<View>) => void;
}

const keyOf = ({ service, environment }: Place) => JSON.stringify([service, environment]);

/** Which service and environment the page is about. With one alone there is nothing to choose. */
export function PlacePicker({ services, place, change }: PlacePickerProps) {
  const places = placesOf(services);
  const known = places.some((one) => keyOf(one) === keyOf(place));
  const all = known ? places : [place, ...places];
  if (all.length < 2) return null;
  const options = all.map((one) => ({
    value: keyOf(one),
    label: shownShort(`${one.service}, ${one.environment}`, 60),
  }));
  const choose = (key: string) => {
    const chosen = all.find((one) => keyOf(one) === key);
    if (chosen) change({ ...chosen });
  };
  return <Select label="Service and environment" value={keyOf(place)} options={options} onChange={choose} />;
}
