import { formatCountExactly } from "@/components/format/count";
import { formatDuration } from "@/components/format/duration";
import { formatShare } from "@/components/format/share";
import type { PrefillArm, PrefillEffectAnswer } from "@/lib/query/prefill-answers";

/** The share of first visits above the target in each arm, with how many visits and users stand behind it. */
export function ArmBars({ effect }: { effect: PrefillEffectAnswer }) {
  const { filled, withheld, targetUs } = effect;
  return (
    <div className="mt-3">
      <p className="mb-1.5 text-small text-muted">First visits over {formatDuration(targetUs)}</p>
      <dl className="grid grid-cols-[auto_minmax(60px,1fr)_auto] items-center gap-x-3 gap-y-1.5 text-table figures">
        <Arm name="filled" arm={filled} colour="var(--fill)" />
        <Arm name="withheld" arm={withheld} colour="var(--ok)" />
      </dl>
    </div>
  );
}

function Arm({ name, arm, colour }: { name: string; arm: PrefillArm; colour: string }) {
  const { visits, users, over } = arm;
  const share = visits === 0 ? null : over / visits;
  return (
    <>
      <dt className="leading-4">
        {name}
        <span className="block text-tiny text-muted">
          {formatCountExactly(visits)} {visits === 1 ? "visit" : "visits"}, {formatCountExactly(users)}{" "}
          {users === 1 ? "user" : "users"}
        </span>
      </dt>
      <dd aria-hidden className="h-3 rounded-[3px] bg-line-soft">
        <i
          className="block h-full rounded-[3px]"
          style={{ width: `${(share ?? 0) * 100}%`, minWidth: share ? 2 : 0, background: colour }}
        />
      </dd>
      <dd className="min-w-12 text-right font-semibold whitespace-nowrap">
        {share === null ? "–" : formatShare(share)}
      </dd>
    </>
  );
}
