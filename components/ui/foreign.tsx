"use client";
import { useState } from "react";
import { formatCountExactly } from "@/components/format/count";
import { shownParts, shownText } from "@/components/format/shown";

/** Hover shows no more than this; the copy button has all of it. */
const LONGEST_TITLE = 1_000;

/**
 * A text that an app sent (a user's id, a route, a service), written so that it can neither hide anything nor act on the
 * page around it. It keeps to its own direction of writing; the whole text is there on hover.
 */
export function Foreign({ text }: { text: string }) {
  return (
    <bdi title={shownText(text.slice(0, LONGEST_TITLE))} className="whitespace-pre">
      <Parts text={text} />
    </bdi>
  );
}

function Parts({ text }: { text: string }) {
  return shownParts(text).map((part, index) =>
    part.escape ? (
      <span key={index} className="mx-px rounded-[3px] bg-line-soft px-0.5 font-mono text-[0.85em] text-muted">
        {part.text}
      </span>
    ) : (
      part.text
    ),
  );
}

/** From this length on only the beginning is shown until all of it is asked for. */
const SHORT = 120;

/** The same as a heading, in as many lines as it takes, a very long one on request. */
export function ForeignHeading({ text }: { text: string }) {
  const [all, setAll] = useState(false);
  const long = text.length > SHORT;
  const cut = long && !all ? text.slice(0, wholeCharacters(text, SHORT)) : text;
  return (
    <span className="min-w-0">
      <bdi className="break-all whitespace-pre-wrap">
        <Parts text={cut} />
        {long && !all && "…"}
      </bdi>
      {long && (
        <button
          type="button"
          aria-expanded={all}
          onClick={() => setAll(!all)}
          className="ml-2 cursor-pointer rounded text-table font-normal tracking-normal text-accent hover:underline touch:min-h-11"
        >
          {all ? "Show less" : `Show all ${formatCountExactly(text.length)} characters`}
        </button>
      )}
    </span>
  );
}

/** A cut at this length that parts no pair of surrogates. */
const wholeCharacters = (text: string, length: number) =>
  /[\uD800-\uDBFF]/.test(text[length - 1] ?? "") ? length - 1 : length;
