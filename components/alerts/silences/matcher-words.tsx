import { Foreign } from "@/components/ui/foreign";
import { PATTERNS, type Matcher } from "./mute-draft";

/** What is muted, pattern by pattern. */
export function MatcherWords({ matcher }: { matcher: Matcher }) {
  const given = PATTERNS.flatMap((one) => (matcher[one] === undefined ? [] : [[one, matcher[one]] as const]));
  return (
    <span className="flex flex-wrap gap-x-3 gap-y-0.5">
      {given.map(([one, text]) => (
        <span key={one} className="min-w-0 wrap-anywhere [&_bdi]:whitespace-pre-wrap">
          <span className="text-small text-muted">{one}</span>{" "}
          <span className="font-medium">
            <Foreign text={text} />
          </span>
        </span>
      ))}
    </span>
  );
}
