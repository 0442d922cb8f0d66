import { CopyButton } from "@/components/ui/copy-button";

/** Text to copy as it stands. */
export function CodeBlock({ text, label }: { text: string; label: string }) {
  return (
    <div className="flex flex-col-reverse rounded-lg border border-line bg-sunken phone:flex-row">
      <pre tabIndex={0} className="min-w-0 flex-1 overflow-x-auto rounded-lg px-4 py-3 font-mono text-small leading-5">
        {text}
      </pre>
      <span className="shrink-0 self-end px-2 pt-2 phone:self-start">
        <CopyButton text={text} label={`Copy ${label}`}>
          Copy
        </CopyButton>
      </span>
    </div>
  );
}
