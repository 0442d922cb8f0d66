/** A figure that somebody gave, without zeros that say how exactly one was measured: "50.0 ms" is "50 ms", "2.0 %" is "2 %". */
export function trimmed(text: string): string {
  return text.replace(/(\d+)\.(\d*?)0+(?!\d)/g, (_, whole: string, part: string) =>
    part === "" ? whole : `${whole}.${part}`,
  );
}
