/** Words in the middle of a chart that has nothing to draw. */
export function PlotWords({ children }: { children: string }) {
  return <p className="absolute inset-0 flex items-center justify-center pb-6 text-small text-faint">{children}</p>;
}
