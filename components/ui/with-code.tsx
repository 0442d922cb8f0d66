/** A sentence whose `code` stands between backticks, as texts for people and for the API's answers alike are written. */
export function WithCode({ text }: { text: string }) {
  return text.split("`").map((part, index) =>
    index % 2 === 0 ? (
      part
    ) : (
      <code key={index} className="font-mono text-small">
        {part}
      </code>
    ),
  );
}
