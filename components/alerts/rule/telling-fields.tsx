"use client";
import { Choice } from "@/components/ui/choice";
import { CheckBox } from "@/components/ui/check-box";
import { Field, inputClass } from "@/components/ui/field";
import { Foreign } from "@/components/ui/foreign";
import { PageLink } from "@/components/ui/page-link";
import { Field as Base } from "@base-ui/react/field";
import { DraftField, FieldRow, Labelled, type Drafting } from "./draft-field";

/** A receiver as the form lists it. */
export interface ReceiverChoice {
  id: string;
  name: string;
  kind: string;
  enabled: boolean;
}

/** Whom it concerns, and what they read. */
export function TellingFields({ of, receivers }: { of: Drafting; receivers: readonly ReceiverChoice[] }) {
  const { draft, set } = of;
  return (
    <>
      {draft.kind !== "burn_rate" && (
        <Labelled label="Severity" hint="a page has to be looked at now, a ticket within days">
          <Choice
            label="Severity"
            value={draft.severity}
            options={[
              { value: "page", label: "Page" },
              { value: "ticket", label: "Ticket" },
            ]}
            onChange={(severity) => set({ severity })}
          />
        </Labelled>
      )}
      <Labelled label="Receivers">
        <Receivers {...{ draft, set, receivers }} />
      </Labelled>
      <Field label="What to do about it" hint="receivers get it; a link to a runbook, a first step">
        <Base.Control
          render={<textarea rows={3} />}
          className={`${inputClass} h-auto! py-2`}
          maxLength={2_000}
          value={draft.note}
          onValueChange={(note) => set({ note: String(note) })}
        />
      </Field>
    </>
  );
}

function Receivers({
  draft,
  set,
  receivers,
}: Pick<Drafting, "draft" | "set"> & { receivers: readonly ReceiverChoice[] }) {
  if (receivers.length === 0)
    return (
      <p className="text-table text-muted">
        There is none yet: the rule is shown here and tells nobody.{" "}
        <PageLink href="/alerts/receivers" className="text-accent hover:underline">
          Make a receiver
        </PageLink>
      </p>
    );
  const turn = (id: string, on: boolean) =>
    set({ receivers: on ? [...draft.receivers, id] : draft.receivers.filter((one) => one !== id) });
  return (
    <div className="flex max-h-60 w-full flex-col gap-1.5 overflow-y-auto">
      {receivers.map(({ id, name, kind, enabled }) => (
        <label key={id} className="flex cursor-pointer items-center gap-2 text-table touch:min-h-11">
          <CheckBox checked={draft.receivers.includes(id)} onChange={(on) => turn(id, on)} />
          <span>
            <Foreign text={name} />{" "}
            <span className="text-muted">
              {kind}
              {!enabled && ", switched off"}
            </span>
          </span>
        </label>
      ))}
    </div>
  );
}

/** What hardly anybody changes. */
export function MoreFields({ of }: { of: Drafting }) {
  return (
    <details className="group">
      <summary className="cursor-pointer text-table font-medium text-muted hover:text-text">
        No data, resolving and grouping
      </summary>
      <div className="mt-3 flex flex-col gap-3">
        <Labelled label="Having no data" hint="it never says that all is well">
          <Choice
            label="Having no data"
            value={of.draft.noData}
            options={[
              { value: "resolve", label: "Resolves" },
              { value: "keep", label: "Fires on" },
              { value: "breach", label: "Is a breach" },
            ]}
            onChange={(noData) => of.set({ noData })}
          />
        </Labelled>
        <FieldRow>
          <DraftField of={of} field="keepFiring" label="Resolves after" hint="of being well" narrow required />
          <DraftField
            of={of}
            field="groupWait"
            label="Group wait"
            hint="what fires with it is told with it"
            narrow
            required
          />
          <DraftField
            of={of}
            field="groupInterval"
            label="Group interval"
            hint="between news of more"
            narrow
            required
          />
          <DraftField of={of} field="repeat" label="Told again every" narrow required />
          <DraftField of={of} field="group" label="Group" hint="rules of one share incidents" narrow maxLength={100} />
        </FieldRow>
      </div>
    </details>
  );
}
