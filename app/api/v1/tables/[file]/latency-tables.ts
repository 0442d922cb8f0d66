import { matches as matchesEndpoint } from "@/components/overview/matches";
import { database, db, endpoint, endpoints, overview, parseQuestion, tailUsers, user } from "@/lib/query";
import {
  databasePoints,
  endpointColumns,
  endpointStatements,
  pointColumns,
  TAIL_USERS,
  USER_ENDPOINTS,
  userPointColumns,
} from "@/lib/query/tables/latency-columns";
import type { LATENCY_TABLE_NAMES } from "@/lib/query/tables/names";
import { tableOf } from "@/lib/query/tables/table";
import { type Ask, placeOf, taken } from "./asked";

/** As many as the most that keep a row of their own in a window. */
const MOST_USERS = 10_000;

export const LATENCY_TABLES: Record<(typeof LATENCY_TABLE_NAMES)[number], Ask> = {
  async endpoints(search, nowMs) {
    const q = taken(search, "q");
    const question = parseQuestion("endpoints", search);
    const answer = await endpoints(db(), question, nowMs);
    const text = q.trim().toLowerCase();
    const found = answer.endpoints.filter((row) => matchesEndpoint(row, text));
    return tableOf({ of: placeOf(question), range: answer.range }, endpointColumns(question.percentiles), found);
  },
  async series(search, nowMs) {
    const question = parseQuestion("overview", search);
    const { series, range } = await overview(db(), question, nowMs);
    return tableOf({ of: placeOf(question), range }, pointColumns(question.percentiles), series.points);
  },
  async "endpoint-series"(search, nowMs) {
    const id = Number(taken(search, "endpoint"));
    const question = parseQuestion("endpoint", search);
    const answer = await endpoint(db(), { ...question, id }, nowMs);
    const { service, method, route, range, series } = answer;
    const about = { of: `${service} ${method} ${route}`, range };
    return tableOf(about, pointColumns(question.percentiles), series.points);
  },
  async "endpoint-users"(search, nowMs) {
    const id = Number(taken(search, "endpoint"));
    const question = parseQuestion("tailUsers", search);
    const { users, range, userCount } = await tailUsers(db(), { ...question, limit: MOST_USERS, id }, nowMs);
    return tableOf({ of: `endpoint ${id}`, range, more: userCount - users.length }, TAIL_USERS, users);
  },
  async "endpoint-database"(search, nowMs) {
    const id = Number(taken(search, "endpoint"));
    const { points, range } = await database(db(), { ...parseQuestion("database", search), id }, nowMs);
    return tableOf({ of: `endpoint ${id}`, range }, databasePoints, points);
  },
  async "endpoint-statements"(search, nowMs) {
    const id = Number(taken(search, "endpoint"));
    const question = { ...parseQuestion("database", search), limit: MOST_STATEMENTS };
    const { slowest, range } = await database(db(), { ...question, id }, nowMs);
    return tableOf({ of: `endpoint ${id}`, range }, endpointStatements(question.percentiles), slowest);
  },
  async "user-endpoints"(search, nowMs) {
    const { id, ...question } = parseQuestion("userById", search);
    const { endpoints: rows, range } = await user(db(), { ...question, user: id }, nowMs);
    return tableOf({ of: `user ${id}`, range }, USER_ENDPOINTS, rows);
  },
  async "user-series"(search, nowMs) {
    const { id, ...question } = parseQuestion("userById", search);
    const { series, range } = await user(db(), { ...question, user: id }, nowMs);
    return tableOf({ of: `user ${id}`, range }, userPointColumns(question.percentiles), series.points);
  },
};

/** Of one endpoint; a service keeps no more apart. */
const MOST_STATEMENTS = 3_000;
