"use client";
import { Ellipsis } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Menu, MenuItem } from "@/components/ui/menu";

interface RowMenuProps {
  /** Names it for screen readers. */
  label: string;
  /** Without it there is nothing to edit any more. */
  onEdit?: () => void;
  onRemove: () => void;
}

/** The menu at the end of a row. */
export function RowMenu({ label, onEdit, onRemove }: RowMenuProps) {
  return (
    <Menu
      align="end"
      trigger={
        <Button size="small" kind="quiet" aria-label={label}>
          <Ellipsis size={15} aria-hidden />
        </Button>
      }
    >
      {onEdit && <MenuItem onSelect={onEdit}>Edit</MenuItem>}
      <MenuItem danger onSelect={onRemove}>
        Remove
      </MenuItem>
    </Menu>
  );
}
