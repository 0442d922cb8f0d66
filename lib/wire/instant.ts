const INSTANT = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** The Unix milliseconds of an RFC 3339 time; `null` for another text, and for a date that does not exist. */
export function instantOf(text: string): number | null {
  const upper = text.toUpperCase(); // `t` and `z` are as good
  const date = INSTANT.exec(upper)?.[1];
  return date !== undefined && isCalendarDate(date) ? Date.parse(upper) : null;
}

/** Whether `YYYY-MM-DD` is a day of the calendar. `Date.parse` takes 30 February for 2 March. */
export function isCalendarDate(date: string): boolean {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days;
}
