/** A round mark before words that say the same. */
export function Dot({ colour }: { colour: string }) {
  return <i aria-hidden className={`mr-2 inline-block size-[7px] shrink-0 rounded-full align-[1px] ${colour}`} />;
}
