/**
 * The questions that pages, API and alerts ask. Each takes the database, a question (its schema is in `question.ts`) and
 * the time, and throws `TailfillError` (`bad_request`, `not_found`) for what cannot be answered.
 */
export { db } from "../store/db.ts";
export { LOSS_TEXT } from "../wire/index.ts";
export { endpointIdOf, userIn } from "./address.ts";
export { database } from "./database.ts";
export { endpoint, histogram } from "./endpoint.ts";
export { endpointIdentity } from "./endpoint-identity.ts";
export { endpoints } from "./endpoints.ts";
export { firstSample } from "./first-sample.ts";
export { expose } from "./exposition/expose.ts";
export { histogramLog } from "./histogram-log.ts";
export { losses } from "./losses.ts";
export { openApiDocument } from "./openapi/document.ts";
export { onReplica, replicaStatus } from "./on-replica.ts";
export { overview } from "./overview.ts";
export { DEFAULT_PERCENTILES, type PageParameters, parseQuestion, type QuestionOf, readQuestion } from "./question.ts";
export { series } from "./series.ts";
export { findUsers, services } from "./services.ts";
export { storage } from "./storage.ts";
export { tailUsers } from "./tail-users.ts";
export { user } from "./user.ts";
export { userAxis } from "./user-axis.ts";
