"use client";
import { parseAsString, parseAsStringLiteral, useQueryState } from "nuqs";
import { useDeferredValue, useMemo } from "react";
import { formatCountExactly } from "@/components/format/count";
import { shownShort } from "@/components/format/shown";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { SearchField } from "@/components/ui/search-field";
import { Select } from "@/components/ui/select";
import { TableFiles } from "@/components/ui/table-files";
import type { PrefillCandidatesAnswer } from "@/lib/query/prefill-answers";
import { found, readSorting, sorted, sortingAfter, writeSorting } from "./candidate-order";
import { CandidatesTable } from "./candidates-table";

interface CandidatesCardProps {
  answer: PrefillCandidatesAnswer;
  stale: boolean;
  /** What was asked, for the file of the same users. */
  files: string;
  /** The kept part of the address, for links. */
  hrefOf: (user: string) => string;
}

/** Who would be filled at this budget, and why. */
export function CandidatesCard({ answer, stale, files, hrefOf }: CandidatesCardProps) {
  const [wanted, setWanted] = useQueryState("q", parseAsString.withDefault("").withOptions({ throttleMs: 250 }));
  const [definition, setDefinition] = useQueryState("definition", parseAsString.withDefault(""));
  const [sort, setSort] = useQueryState("sort", parseAsString.withDefault("-value"));
  const sorting = useMemo(() => readSorting(sort), [sort]);
  const text = useDeferredValue(wanted);
  const matching = useMemo(() => found(answer.candidates, definition, text), [answer.candidates, definition, text]);
  const rows = useMemo(() => sorted(matching, sorting), [matching, sorting]);
  const [listed, setListed] = useQueryState("listed", parseAsStringLiteral(["first", "all"]).withDefault("first"));
  const shown = listed === "all" ? rows : rows.slice(0, FIRST);
  const beyond = useMemo(() => new Set(answer.candidates.slice(answer.candidateCount)), [answer]);
  const clear = () => {
    void setWanted(null);
    void setDefinition(null);
  };
  return (
    <Card
      flush
      title="Users"
      note={candidatesNote(answer)}
      actions={
        <>
          {(text.trim() !== "" || definition !== "") && (
            <span role="status">
              {formatCountExactly(rows.length)} of {formatCountExactly(answer.candidates.length)}
            </span>
          )}
          <SubjectPicker answer={answer} value={definition} onChange={(next) => void setDefinition(next || null)} />
          <SearchField
            label="Search users"
            placeholder="Search  /"
            className="w-40"
            value={wanted}
            onChange={(value) => void setWanted(value === "" ? null : value)}
          />
          <TableFiles
            table="prefill-candidates"
            label="these users"
            search={filesSearch(files, { q: text.trim(), of: definition })}
          />
        </>
      }
    >
      {rows.length > 0 && (
        <CandidatesTable
          {...{ sorting, stale, hrefOf, beyond }}
          firstDay={isFirstDay(answer)}
          rows={shown}
          sortBy={(by) => void setSort(writeSorting(sortingAfter(sorting, by)))}
        />
      )}
      {rows.length > FIRST && (
        <div className="flex justify-center border-t border-line-soft py-2">
          <Button size="small" kind="quiet" onClick={() => void setListed(listed === "all" ? "first" : "all")}>
            {listed === "all" ? `Show the first ${FIRST}` : `Show all ${formatCountExactly(rows.length)}`}
          </Button>
        </div>
      )}
      {rows.length === 0 && (answer.candidates.length === 0 ? <Nobody answer={answer} /> : <NoMatch clear={clear} />)}
    </Card>
  );
}

/** So many are listed until all are asked for: what the page says of the effect stands below. */
const FIRST = 10;

export function candidatesNote({ candidateCount, candidates }: PrefillCandidatesAnswer): string {
  if (candidates.length === 0) return "";
  const more = candidates.length - candidateCount;
  const rest = more > 0 ? `, ${formatCountExactly(more)} more beyond it` : "";
  const cut = more < 0 ? `, the first ${formatCountExactly(candidates.length)} listed` : "";
  return `${formatCountExactly(candidateCount)} worth filling at this budget${rest}${cut}; most misses avoided per second of work first`;
}

function SubjectPicker(props: { answer: PrefillCandidatesAnswer; value: string; onChange: (name: string) => void }) {
  const { answer, value, onChange } = props;
  const known = answer.subjects.map(({ name }) => name);
  if (known.length < 2 && value === "") return null;
  const all = answer.basis === "definitions" ? "All definitions" : "All endpoints";
  const names = value === "" || known.includes(value) ? known : [...known, value];
  const options = [{ value: "", label: all }, ...names.map((name) => ({ value: name, label: shownShort(name, 60) }))];
  return <Select size="small" label="Definition or endpoint" value={value} options={options} onChange={onChange} />;
}

function NoMatch({ clear }: { clear: () => void }) {
  return (
    <EmptyState title="No user matches" actions={<Button onClick={clear}>Clear search</Button>}>
      Only users worth filling are listed here; the search on the overview finds everybody.
    </EmptyState>
  );
}

function Nobody({ answer: { budgetSecondsPerHour, frontier } }: { answer: PrefillCandidatesAnswer }) {
  if (budgetSecondsPerHour === 0 && frontier.length > 1)
    return (
      <EmptyState title="Nobody at this budget">
        Without work nobody is filled: move the handle to the right.
      </EmptyState>
    );
  return (
    <EmptyState title="Nobody is worth filling yet">
      A user is, once their requests are slow without a cached value and fast with one, and they come often enough.
      Users who are slow either way (a slow line, a large answer) never are. The app must tell whose requests they are,
      by the user option.
    </EmptyState>
  );
}

/** Whether a whole day was not seen yet: then visits are told as they were counted, and not by the day. */
export const isFirstDay = ({ range }: PrefillCandidatesAnswer): boolean =>
  Date.parse(range.to) - Date.parse(range.from) < 86_400_000;

/** What was asked, and what is searched for in the answer. */
function filesSearch(asked: string, searched: Record<string, string>): string {
  const search = new URLSearchParams(asked);
  for (const [name, value] of Object.entries(searched)) if (value !== "") search.set(name, value);
  return search.toString();
}
