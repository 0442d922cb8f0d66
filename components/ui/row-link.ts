import type { KeyboardEvent, MouseEvent } from "react";

/** In a row whose link lies over all of it: what says something on hover is above the link, or nobody would ever read it. */
export const ROW_HOVER = "[&_td>[title]]:relative [&_td>[title]]:z-10";

/** A press on such a thing goes where the row leads, in the way that the press asks for. */
export function followRow(event: MouseEvent<HTMLTableRowElement>): void {
  if (event.target instanceof Element && event.target.closest("a, button")) return;
  const link = event.currentTarget.querySelector("a");
  if (event.button === 1) window.open(link?.href, "_blank", "noopener");
  else link?.dispatchEvent(new window.MouseEvent("click", { ...keysOf(event), bubbles: true, cancelable: true }));
}

/** Keys came to a figure of the row: Enter goes where the row leads. */
function followByKey(event: KeyboardEvent<HTMLTableRowElement>): void {
  if (event.key !== "Enter" || !(event.target instanceof Element) || event.target.closest("a, button")) return;
  const link = event.currentTarget.querySelector("a");
  link?.dispatchEvent(new window.MouseEvent("click", { ...keysOf(event), bubbles: true, cancelable: true }));
}

const keysOf = ({ ctrlKey, metaKey, shiftKey }: MouseEvent | KeyboardEvent) => ({ ctrlKey, metaKey, shiftKey });

/** For the row: a middle press is no click. */
export const ROW_LINK = {
  onClick: followRow,
  onKeyDown: followByKey,
  onAuxClick: (event: MouseEvent<HTMLTableRowElement>) => event.button === 1 && followRow(event),
};
