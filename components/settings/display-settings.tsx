"use client";
import { useState } from "react";
import { formatMomentFully } from "@/components/format/time";
import { CLOCK_OPTIONS, useClock } from "@/components/shell/clock";
import { keepCookie, THEME_COOKIE, type Theme } from "@/components/shell/preferences";
import { Card } from "@/components/ui/card";
import { Choice } from "@/components/ui/choice";

const THEMES = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
] as const;

export function DisplaySettings({ theme: start }: { theme: Theme }) {
  const [theme, setTheme] = useState(start);
  const { choice, zone, choose } = useClock();
  const [now] = useState(() => Date.now());
  const changeTheme = (next: Theme) => {
    setTheme(next);
    keepCookie(THEME_COOKIE, next);
    if (next === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
  };
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      <Card title="Theme">
        <Choice label="Theme" options={THEMES} value={theme} onChange={changeTheme} />
      </Card>
      <Card title="Clock" note={<span suppressHydrationWarning>now {formatMomentFully(now, zone)}</span>}>
        <Choice label="Clock" options={CLOCK_OPTIONS} value={choice} onChange={choose} />
        <p className="mt-2 text-small text-muted">
          What is sent, stored and answered by the API is UTC; this only changes how pages write it.
        </p>
      </Card>
    </div>
  );
}
