"use client";
import { shownText } from "@/components/format/shown";
import { ViewToolbar } from "@/components/range/view-toolbar";
import type { TimeRange, View } from "@/components/range/view";
import { PageHeader } from "@/components/ui/page-header";
import type { ServicesAnswer } from "@/lib/query/answers";
import { budgetOf } from "./draft";
import { ModeSwitch } from "./mode-switch";
import { PlacePicker } from "./place-picker";
import { placesOf, type Place } from "./place";
import type { ChangingSettings } from "./use-change-settings";
import type { PrefillAsked } from "./use-prefill";

interface PrefillHeaderProps {
  services: ServicesAnswer["services"];
  place: Place;
  view: View;
  change: (changes: Partial<View>) => void;
  shown: TimeRange;
  asked: PrefillAsked;
  switching: ChangingSettings;
  failed: boolean;
}

/** The title with the switch, the place and the time. */
export function PrefillHeader(props: PrefillHeaderProps) {
  const { services, place, view, change, shown, asked, switching, failed } = props;
  const { settings, candidates, history, changes } = asked;
  const alone = placesOf(services).length < 2;
  return (
    <PageHeader title="Prefill" note={alone ? shownText(`${place.service}, ${place.environment}`) : undefined}>
      <ViewToolbar
        {...{ view, shown, change, failed }}
        updatedAt={history.updatedAt || settings.updatedAt}
        comparable={false}
      >
        {settings.answer && (
          <ModeSwitch
            settings={settings.answer}
            changing={switching}
            place={place}
            plan={planOf(settings.answer, candidates.answer, changes)}
          />
        )}
        <PlacePicker {...{ services, place, change }} />
      </ViewToolbar>
    </PageHeader>
  );
}

/** What would be put in force by switching filling on: as the page shows it. */
function planOf(
  settings: NonNullable<PrefillAsked["settings"]["answer"]>,
  answer: PrefillAsked["candidates"]["answer"],
  changes: PrefillAsked["changes"],
) {
  const setting =
    changes.budgetSecondsPerHour === undefined ? settings.budgetSecondsPerHour : changes.budgetSecondsPerHour;
  return {
    settings,
    changes,
    budgetSecondsPerHour: budgetOf(setting, answer?.missSecondsPerHour),
    predicted: answer?.madeAt ? answer.predicted : null,
    fillable: answer?.basis === "definitions",
  };
}
