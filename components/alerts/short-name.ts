import { shownShort } from "@/components/format/shown";

/** A name in a title or a label: in one line, and nothing in it acts on what stands around it. */
export const shortName = (name: string): string => shownShort(name, 60);
