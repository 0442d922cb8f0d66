import type { ReactNode } from "react";

interface PageHeaderProps {
  title: ReactNode;
  /** Beside the title, quieter. */
  note?: ReactNode;
  /** Controls at the right. */
  children?: ReactNode;
}

export function PageHeader({ title, note, children }: PageHeaderProps) {
  return (
    <header className="mb-4.5 flex min-h-8 flex-wrap items-center gap-x-2.5 gap-y-2">
      <h1 className="mr-auto flex min-w-0 flex-wrap items-baseline gap-x-2.5 text-title leading-7 font-semibold tracking-[-0.018em]">
        {title}
        {note !== undefined && <small className="text-table font-normal tracking-normal text-muted">{note}</small>}
      </h1>
      {children}
    </header>
  );
}
