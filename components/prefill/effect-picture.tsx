import type { PrefillEffectAnswer } from "@/lib/query/prefill-answers";
import { changeText } from "./effect-words";
import { effectAxis } from "./effect-axis";

const COLOURS = {
  works: "var(--fill)",
  harms: "var(--server)",
  unclear: "var(--muted)",
  "too few": "var(--faint)",
} as const;

/** The difference with its interval on an axis with zero on it: left of zero, filling spares misses. */
export function EffectPicture({ effect: { difference, verdict } }: { effect: PrefillEffectAnswer }) {
  if (difference === null) return null;
  // The answer counts what is spared; the picture shows how the share changes by filling.
  const [change, low, high] = [-difference.estimate, -difference.high, -difference.low];
  const axis = effectAxis(Math.min(low, change), Math.max(high, change));
  const at = (points: number) => `${((points - axis.from) / (axis.to - axis.from)) * 100}%`;
  const words = `Change by filling: ${changeText(change)} points, 95 % interval ${changeText(low)} to ${changeText(high)}; zero is no difference`;
  const background = COLOURS[verdict];
  return (
    <div role="img" aria-label={words} className="mt-4 figures">
      <div className="relative mx-4 h-12 border-b border-line">
        {axis.ticks.map((tick) => (
          <i
            key={tick}
            className={
              tick === 0
                ? "absolute inset-y-0 -ml-px border-l-2 border-text"
                : "absolute bottom-0 h-1.5 border-l border-line"
            }
            style={{ left: at(tick) }}
          />
        ))}
        <i
          className="absolute top-[29px] h-1.5 rounded-full opacity-40"
          style={{ left: at(low), right: `calc(100% - ${at(high)})`, background }}
        />
        <i className="absolute top-[24px] h-4 w-0.5" style={{ left: at(low), background }} />
        <i className="absolute top-[24px] -ml-0.5 h-4 w-0.5" style={{ left: at(high), background }} />
        <i
          className="absolute top-[25px] -ml-[7px] size-3.5 rounded-full border-2 border-surface"
          style={{ left: at(change), background }}
        />
        <b
          className="absolute top-0.5 -translate-x-1/2 rounded bg-surface px-1 text-small font-semibold whitespace-nowrap"
          style={{ left: `clamp(24px, ${at(change)}, calc(100% - 24px))` }}
        >
          {changeText(change)} pt
        </b>
      </div>
      <div className="relative mx-4 h-5 text-tiny text-muted">
        {axis.ticks.map((tick) => (
          <span key={tick} className="absolute top-1 -translate-x-1/2 whitespace-nowrap" style={{ left: at(tick) }}>
            {changeText(tick, 0)}
          </span>
        ))}
      </div>
      <p className="text-tiny text-muted">
        Change of the share by filling, in points, with its 95 % interval; left of 0 is better.
      </p>
    </div>
  );
}
