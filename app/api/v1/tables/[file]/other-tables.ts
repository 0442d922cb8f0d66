import { matches as matchesRule } from "@/components/alerts/board/rule-matches";
import { alertBoard } from "@/lib/alerts/board";
import { deliveriesAsked } from "@/lib/alerts/delivery/deliveries";
import { incidentList, oneIncident } from "@/lib/alerts/incidents";
import { listReceivers } from "@/lib/alerts/delivery/receivers";
import { listMaintenance } from "@/lib/alerts/maintenance";
import { oneRule } from "@/lib/alerts/rules";
import { listSilences } from "@/lib/alerts/silences";
import { jobStatuses } from "@/lib/jobs/status";
import { db, losses, parseQuestion, services, storage } from "@/lib/query";
import {
  ALERT_DELIVERIES,
  ALERT_INCIDENTS,
  ALERT_MAINTENANCE,
  ALERT_MEMBERS,
  ALERT_PENDING,
  ALERT_RECEIVERS,
  ALERT_RULES,
  ALERT_SERIES,
  ALERT_SILENCES,
} from "@/lib/query/tables/alert-columns";
import { JOBS, LOSSES, REFUSALS, serviceRows, SERVICES, STORAGE } from "@/lib/query/tables/settings-columns";
import type { OTHER_TABLE_NAMES } from "@/lib/query/tables/names";
import { tableOf } from "@/lib/query/tables/table";
import { type Ask, placeOf, taken } from "./asked";

/** What has pages is read through page by page, up to so many rows. */
const MOST = 10_000;

export const OTHER_TABLES: Record<(typeof OTHER_TABLE_NAMES)[number], Ask> = {
  async "alert-rules"(search, nowMs) {
    const q = taken(search, "q").trim().toLowerCase();
    parseQuestion("none", search);
    const { rules } = await alertBoard(db(), nowMs);
    const found = rules.filter((rule) => matchesRule(rule, q));
    return tableOf({ of: "alerts", range: null }, ALERT_RULES, found);
  },
  async "alert-pending"(search, nowMs) {
    parseQuestion("none", search);
    return tableOf({ of: "alerts", range: null }, ALERT_PENDING, (await alertBoard(db(), nowMs)).pending);
  },
  async "alert-firing"(search, nowMs) {
    parseQuestion("none", search);
    return tableOf({ of: "alerts", range: null }, ALERT_INCIDENTS, (await alertBoard(db(), nowMs)).incidents);
  },
  async "alert-incidents"(search) {
    const { state, rule, ...wish } = parseQuestion("alertIncidents", search);
    const open = state === undefined ? undefined : state === "open";
    const { incidents, next } = await incidentList(db(), { ...wish, limit: MOST, ruleId: rule, open });
    return tableOf({ of: "alerts", range: null, more: next === null ? 0 : 1 }, ALERT_INCIDENTS, incidents);
  },
  async "alert-members"(search) {
    const id = taken(search, "incident");
    parseQuestion("none", search);
    return tableOf({ of: "alerts", range: null }, ALERT_MEMBERS, (await oneIncident(db(), id)).members);
  },
  async "alert-series"(search) {
    const id = taken(search, "rule");
    parseQuestion("none", search);
    const { series, seriesCount } = await oneRule(db(), id);
    return tableOf({ of: "alerts", range: null, more: seriesCount - series.length }, ALERT_SERIES, series);
  },
  async "alert-receivers"(search) {
    parseQuestion("none", search);
    return tableOf({ of: "alerts", range: null }, ALERT_RECEIVERS, await listReceivers(db()));
  },
  async "alert-deliveries"(search) {
    const rows = [];
    let next = null;
    search.set("limit", "100");
    do {
      const page = await deliveriesAsked(db(), search);
      rows.push(...page.deliveries);
      next = page.next;
      if (next !== null) search.set("before", next);
    } while (next !== null && rows.length < MOST);
    return tableOf({ of: "alerts", range: null, more: next === null ? 0 : 1 }, ALERT_DELIVERIES, rows);
  },
  async "alert-silences"(search, nowMs) {
    parseQuestion("none", search);
    return tableOf({ of: "alerts", range: null }, ALERT_SILENCES, await listSilences(db(), nowMs));
  },
  async "alert-maintenance"(search, nowMs) {
    parseQuestion("none", search);
    return tableOf({ of: "alerts", range: null }, ALERT_MAINTENANCE, await listMaintenance(db(), nowMs));
  },
  async losses(search, nowMs) {
    const question = parseQuestion("losses", search);
    const answer = await losses(db(), question, nowMs);
    const rows = answer.services.flatMap(({ losses: own, ...place }) => own.map((loss) => ({ ...place, ...loss })));
    return tableOf({ of: placeOf(question), range: answer.range }, LOSSES, rows);
  },
  async refusals(search, nowMs) {
    const { refused, range } = await losses(db(), parseQuestion("losses", search), nowMs);
    return tableOf({ of: "all services", range }, REFUSALS, refused);
  },
  async storage(search, nowMs) {
    parseQuestion("none", search);
    return tableOf({ of: "tailfill", range: null }, STORAGE, (await storage(db(), nowMs)).tables);
  },
  async jobs(search, nowMs) {
    parseQuestion("none", search);
    return tableOf({ of: "tailfill", range: null }, JOBS, await jobStatuses(db(), nowMs));
  },
  async services(search, nowMs) {
    parseQuestion("none", search);
    return tableOf({ of: "tailfill", range: null }, SERVICES, serviceRows(await services(db(), nowMs)));
  },
};
