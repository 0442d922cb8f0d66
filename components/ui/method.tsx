/** How wide a method is at least, so that the routes of the usual ones begin under each other: DELETE on a phone, OPTIONS elsewhere. */
const ROOM = "min-w-[48px] phone:min-w-[54px]";

/** An HTTP method before its route. A longer one takes the room that it needs, one that is no method's length is cut. */
export function Method({ name }: { name: string }) {
  return (
    <span
      title={name}
      className={`inline-block max-w-24 shrink-0 truncate pr-1.5 align-bottom font-mono text-tiny leading-5 text-muted ${ROOM}`}
    >
      {name}
    </span>
  );
}
