import type { ComponentProps } from "react";

interface CellHintProps extends Omit<ComponentProps<"span">, "title" | "tabIndex"> {
  /** What more there is to say. */
  text: string;
}

/** A figure that says more on hover, and when arrow keys come to it (row-keys.ts, focus-hints.tsx). */
export function CellHint({ text, ...rest }: CellHintProps) {
  return <span title={text} tabIndex={-1} {...rest} />;
}
