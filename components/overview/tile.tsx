import { Spark } from "@/components/charts/spark";
import type { Change } from "@/components/format/change";
import { classes } from "@/components/ui/classes";

interface TileProps {
  name: string;
  colour: string;
  /** No coloured key: the figure is no series of the charts. */
  plainKey?: boolean;
  figure: string;
  unit: string;
  /** Words in the figure's place: smaller. */
  words?: boolean;
  /** Rests on too few samples. */
  faint?: boolean;
  /** Said where there is no change to tell. */
  note?: string | undefined;
  /** How many requests stand behind the figure. */
  title: string;
  change: Change | null;
  /** With what it is compared, in words. */
  compared: string;
  spark: readonly (number | null)[];
}

export function Tile(props: TileProps) {
  const { name, colour, plainKey = false, figure, unit, words = false, faint = false } = props;
  const { title, note, change, compared, spark } = props;
  return (
    <div className="-mt-px -ml-px border-t border-l border-line-soft px-4 pt-3 pb-2.5" title={title}>
      <div className="flex items-center gap-1.5 text-small text-muted">
        {!plainKey && <i className="size-[9px] rounded-[2px]" style={{ background: colour }} />}
        {name}
      </div>
      <div
        className={classes(
          "mt-0.5 leading-8 figures",
          words ? "text-base" : "text-tile font-semibold tracking-[-0.02em]",
          faint && "text-faint",
        )}
      >
        {figure}
        {unit !== "" && <span className="ml-0.5 text-table font-normal tracking-normal text-muted">{unit}</span>}
      </div>
      <div className="flex min-h-5 items-end justify-between gap-2 text-small text-muted figures">
        {change ? (
          <span title={`${change.words} (${compared})`}>
            <span aria-hidden>{change.text}</span>
            <span className="sr-only">{change.words}</span>
          </span>
        ) : (
          <span className="text-faint">{note}</span>
        )}
        <Spark values={spark} colour={colour} width={64} height={16} faint={faint} />
      </div>
    </div>
  );
}
