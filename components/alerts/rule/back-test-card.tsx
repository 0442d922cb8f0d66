"use client";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useAnswer } from "@/components/data/use-answer";
import { Card } from "@/components/ui/card";
import { Choice } from "@/components/ui/choice";
import { Skeleton } from "@/components/ui/skeleton";
import type { AlertAnswer } from "@/lib/query/alert-answer-schemas";
import { BackTestView } from "./back-test-view";

export const DAYS = [
  { value: "1", label: "1 d" },
  { value: "3", label: "3 d" },
  { value: "7", label: "7 d" },
] as const;
const parser = parseAsStringLiteral(["1", "3", "7"]).withDefault("1");

const TITLE = { title: "Back-test", note: "what it would have done, as it is now" };

/** What a rule would have done over the last days, as it is now. */
export function BackTestCard({ rule }: { rule: string }) {
  const [days, setDays] = useQueryState("days", parser);
  const { answer, error } = useAnswer<AlertAnswer<"AlertBackTest">>({
    path: `/api/v1/alerts/rules/${rule}/back-test`,
    search: new URLSearchParams({ days }).toString(),
  });
  const controls = <Choice label="How many days" options={DAYS} value={days} onChange={(next) => void setDays(next)} />;
  if (answer) return <BackTestView {...TITLE} test={answer} controls={controls} />;
  return (
    <Card {...TITLE} actions={controls}>
      {error === null ? <Skeleton className="h-64" /> : <p className="text-table text-muted">{error.message}</p>}
    </Card>
  );
}
