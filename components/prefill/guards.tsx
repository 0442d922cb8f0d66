import { formatCountExactly } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import type { GroupLatency, PrefillEffectAnswer } from "@/lib/query/prefill-answers";

/** Those whom filling could hurt through load that everybody shares, and the few who are never filled. */
export function Guards({ effect: { neverSelected, heldOut } }: { effect: PrefillEffectAnswer }) {
  if (neverSelected === null && heldOut === null) return null;
  return (
    <table className="mt-4 w-full border-t border-line-soft text-table figures">
      <thead>
        <tr className="text-small text-muted *:pt-2.5 *:pb-1 *:font-medium">
          <th scope="col" className="text-left">
            Everybody else
          </th>
          <th scope="col" className="text-right">
            p50
          </th>
          <th scope="col" className="text-right">
            p99
          </th>
          <th scope="col" className="hidden text-right phone:table-cell">
            Users
          </th>
        </tr>
      </thead>
      <tbody>
        {neverSelected && (
          <Group
            name="never selected"
            hint="Nobody decided for them: they only bear the load"
            group={neverSelected.now}
          />
        )}
        {neverSelected?.before && (
          <Group
            name="the same, before filling"
            hint="As long a stretch before filling was switched on"
            group={neverSelected.before}
            faint
          />
        )}
        {heldOut && <Group name="held out by chance" hint="Users who are never filled" group={heldOut.heldOut} />}
        {heldOut && (
          <Group
            name="chosen, not held out"
            hint="Users who were chosen as they would have been"
            group={heldOut.others}
            faint
          />
        )}
      </tbody>
    </table>
  );
}

interface GroupProps {
  name: string;
  hint: string;
  group: GroupLatency;
  /** There to compare with. */
  faint?: boolean;
}

const text = (us: number | null) => (us === null ? "–" : formatDuration(us));

function Group({ name, hint, group: { p50Us, p99Us, users, count }, faint = false }: GroupProps) {
  return (
    <tr className={faint ? "text-muted" : undefined} title={`${hint}; ${formatCountExactly(count)} requests`}>
      <th scope="row" className="py-1 text-left font-normal">
        {name}
      </th>
      <td className="text-right">{text(p50Us)}</td>
      <td className="text-right">{text(p99Us)}</td>
      <td className="hidden text-right text-muted phone:table-cell">{formatCountExactly(users)}</td>
    </tr>
  );
}
