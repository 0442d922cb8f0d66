export function Logo() {
  return (
    <svg viewBox="0 0 20 20" className="size-5 shrink-0" aria-hidden>
      <path
        d="M2 15 C6 15 6.5 4 9 4 C11 4 11 12.6 18 13.4"
        fill="none"
        className="stroke-p99"
        strokeWidth="2.2"
        strokeLinecap="round"
      />
      <path d="M11.4 11 C13 12.8 15 13.2 18 13.4 L18 16 L11.4 16Z" className="fill-fill" />
    </svg>
  );
}
