"use client";
import { Tooltip } from "@base-ui/react/tooltip";
import { useState, type FocusEvent, type KeyboardEvent, type ReactNode } from "react";
import { HINT_LOOK } from "./hint";

/**
 * Around a table: what the browser shows on hover only, the `title` of whatever has the focus, is shown to who uses keys as
 * well. One panel for the whole table: one for each of thousands of cells would cost too much.
 */
export function FocusHints({ children }: { children: ReactNode }) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const show = ({ target }: FocusEvent) =>
    setAnchor(target instanceof HTMLElement && target.title !== "" && target.matches(":focus-visible") ? target : null);
  const hide = () => setAnchor(null);
  const onKeyDown = ({ key }: KeyboardEvent) => key === "Escape" && hide();
  return (
    <div className="contents" onFocus={show} onBlur={hide} onKeyDown={onKeyDown}>
      {children}
      <Tooltip.Root open={anchor !== null} onOpenChange={(open) => open || hide()}>
        <Tooltip.Portal>
          <Tooltip.Positioner anchor={anchor} sideOffset={6} className="z-50">
            <Tooltip.Popup className={HINT_LOOK}>{anchor?.title}</Tooltip.Popup>
          </Tooltip.Positioner>
        </Tooltip.Portal>
      </Tooltip.Root>
    </div>
  );
}
