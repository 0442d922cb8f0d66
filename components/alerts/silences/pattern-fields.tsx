"use client";
import { Field, Input } from "@/components/ui/field";
import { PATTERNS, type Pattern, type Patterns } from "./mute-draft";

const WORDS: Record<Pattern, [label: string, placeholder: string]> = {
  rule: ["Rule", "checkout *"],
  service: ["Service", "shop"],
  environment: ["Environment", "production"],
  endpoint: ["Endpoint", "GET /api/*"],
  user: ["User", "u_42"],
};

/** What is muted: patterns, all of which have to match. */
export function PatternFields({ patterns, change }: { patterns: Patterns; change: (patterns: Patterns) => void }) {
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 text-table">
        <span className="font-medium">What is muted</span>{" "}
        <span className="text-muted">
          All that is filled in has to match; * stands for any text. Endpoint and user match no rule about a whole
          service.
        </span>
      </legend>
      <div className="grid grid-cols-1 gap-3 phone:grid-cols-3">
        {PATTERNS.map((one) => (
          <div key={one} className={one === "endpoint" ? "phone:col-span-2" : undefined}>
            <Field label={WORDS[one][0]}>
              <Input
                name={one}
                maxLength={300}
                autoComplete="off"
                spellCheck={false}
                placeholder={`any, or as ${WORDS[one][1]}`}
                value={patterns[one]}
                onValueChange={(text) => change({ ...patterns, [one]: text })}
              />
            </Field>
          </div>
        ))}
      </div>
    </fieldset>
  );
}
