"use client";
import { useAnswer } from "@/components/data/use-answer";
import { Choice } from "@/components/ui/choice";
import type { EndpointsAnswer, ServicesAnswer } from "@/lib/query/answers";
import { DraftField, FieldRow, Labelled, type Drafting } from "./draft-field";

interface PlaceFieldsProps {
  of: Drafting;
  services: ServicesAnswer["services"];
}

const SCOPES = [
  { value: "service", label: "Whole service" },
  { value: "endpoint", label: "One endpoint" },
  { value: "pattern", label: "Endpoints by pattern" },
] as const;

/** What the rule is about. What was sent so far is offered; a rule may be made before anything was. */
export function PlaceFields({ of, services }: PlaceFieldsProps) {
  const { draft, set } = of;
  const own = services.find(({ name }) => name === draft.service);
  const environments = own?.environments ?? services.flatMap((service) => service.environments);
  return (
    <>
      <FieldRow>
        <DraftField
          of={of}
          field="service"
          label="Service"
          offers={services.map(({ name }) => name)}
          required
          maxLength={256}
        />
        <DraftField
          of={of}
          field="environment"
          label="Environment"
          offers={[...new Set(environments)]}
          required
          maxLength={256}
        />
      </FieldRow>
      {draft.kind !== "prefill" && (
        <Labelled label="Where">
          <Choice label="Where" options={SCOPES} value={draft.scope} onChange={(scope) => set({ scope })} />
        </Labelled>
      )}
      {draft.kind !== "prefill" && draft.scope === "endpoint" && <EndpointField of={of} />}
      {draft.kind !== "prefill" && draft.scope === "pattern" && (
        <DraftField
          of={of}
          field="pattern"
          label="Pattern"
          placeholder="GET /api/*"
          hint="over method and route; * stands for any text. Each endpoint that matches is a series of its own."
          required
          maxLength={300}
        />
      )}
    </>
  );
}

const MOST_OFFERS = 300;

function EndpointField({ of }: { of: Drafting }) {
  const { service, environment } = of.draft;
  const search = new URLSearchParams({ from: "now-24h", percentiles: "99" });
  if (service !== "") search.set("service", service);
  if (environment !== "") search.set("environment", environment);
  const { answer } = useAnswer<EndpointsAnswer>({ path: "/api/v1/endpoints", search: search.toString() });
  const offers = (answer?.endpoints ?? []).slice(0, MOST_OFFERS).map(({ method, route }) => `${method} ${route}`);
  return (
    <DraftField
      of={of}
      field="endpoint"
      label="Endpoint"
      placeholder="GET /users/:id"
      hint="method and route as the overview shows them"
      offers={offers}
      required
      maxLength={300}
    />
  );
}
