import type { ReactNode } from "react";

interface EmptyStateProps {
  title: string;
  /** Whether it is all that the page says. */
  alone?: boolean;
  /** Why there is nothing, and what to do. */
  children?: ReactNode;
  actions?: ReactNode;
}

export function EmptyState({ title, alone = false, children, actions }: EmptyStateProps) {
  const Title = alone ? "h1" : "p";
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-14 text-center">
      <Title className="text-base font-semibold">{title}</Title>
      {children !== undefined && <div className="max-w-prose text-table text-muted">{children}</div>}
      {actions !== undefined && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
