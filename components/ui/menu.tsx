"use client";
import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactElement, ReactNode } from "react";

export const popupClass =
  "z-50 max-h-[min(420px,var(--available-height))] min-w-[max(160px,var(--anchor-width))] overflow-y-auto rounded-lg bg-raised p-1 shadow-float outline-none";
export const itemClass =
  "flex cursor-default items-center gap-2 rounded-[5px] px-2.5 py-1.5 text-table text-text outline-none select-none touch:min-h-11 " +
  "data-disabled:text-faint data-highlighted:bg-accent-soft";

interface MenuProps {
  trigger: ReactElement;
  children: ReactNode;
  align?: "start" | "end";
}

export function Menu({ trigger, children, align = "start" }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={4} align={align} className="z-50 outline-none">
          <Base.Popup className={popupClass}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

interface MenuItemProps {
  children: ReactNode;
  onSelect: () => void;
  disabled?: boolean;
  danger?: boolean;
}

export function MenuItem({ children, onSelect, disabled = false, danger = false }: MenuItemProps) {
  return (
    <Base.Item className={danger ? `${itemClass} text-server` : itemClass} disabled={disabled} onClick={onSelect}>
      {children}
    </Base.Item>
  );
}

interface MenuCheckProps {
  children: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

/** An entry that is on or off; the menu stays open, so that several can be set. */
export function MenuCheck({ children, checked, onChange }: MenuCheckProps) {
  return (
    <Base.CheckboxItem className={itemClass} checked={checked} onCheckedChange={onChange} closeOnClick={false}>
      <span className="grid size-4 place-items-center">
        <Base.CheckboxItemIndicator>
          <Check size={14} aria-hidden />
        </Base.CheckboxItemIndicator>
      </span>
      {children}
    </Base.CheckboxItem>
  );
}
