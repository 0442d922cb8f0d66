import { BEAT_EVERY_MS, WEB } from "../alerts/blind-spots.ts";
import { systemClock } from "../clock.ts";
import { log } from "../log.ts";
import { beat } from "../store/alert-clock.ts";
import { db } from "../store/db.ts";

/**
 * Says in the database, again and again, that this process takes batches in: alerts must not take the silence of a tailfill that is
 * down for that of an app. Returns how to stop.
 */
export function startBeating(): () => void {
  const say = () =>
    void beat(db(), WEB, systemClock.now()).catch((error: unknown) =>
      log("web").debug({ err: error }, "the database could not be told that this process is up"),
    );
  say();
  const timer = setInterval(say, BEAT_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
