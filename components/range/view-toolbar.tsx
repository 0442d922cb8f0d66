"use client";
import type { ReactNode } from "react";
import { AddressProblems } from "./address-problems";
import { ComparePicker } from "./compare-picker";
import { LiveBadge } from "./live-badge";
import { RangePicker } from "./range-picker";
import { isLive, type TimeRange, type View } from "./view";

interface ViewToolbarProps {
  view: View;
  shown: TimeRange;
  updatedAt: number;
  failed: boolean;
  change: (changes: Partial<View>) => void;
  /** Without a comparison there is no picker for it. */
  comparable?: boolean;
  /** What is chosen besides time, left of it. */
  children?: ReactNode;
}

/** Time, comparison and the age of the figures: the same on every page of figures. */
export function ViewToolbar(props: ViewToolbarProps) {
  const { view, shown, updatedAt, failed, change, comparable = true, children } = props;
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        {children}
        <RangePicker view={view} shown={shown} change={change} />
        {comparable && <ComparePicker view={view} change={change} />}
        <LiveBadge live={isLive(view)} updatedAt={updatedAt} failed={failed} />
      </div>
      <AddressProblems change={change} />
    </>
  );
}
