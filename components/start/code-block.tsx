import { CopyButton } from "@/components/ui/copy-button";

/** Text to copy as it stands. */
export function CodeBlock({ text, label }: { text: string; label: string }) {
  return (
    <div className="relative rounded-lg border border-line bg-sunken">
      <pre className="overflow-x-auto px-4 py-3 pr-24 font-mono text-small leading-5">{text}</pre>
      <span className="absolute top-2 right-2 rounded-md bg-sunken">
        <CopyButton text={text} label={`Copy ${label}`}>
          Copy
        </CopyButton>
      </span>
    </div>
  );
}
