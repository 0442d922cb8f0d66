/** With this argument the process that prepares the database makes no link for a first visit. */
export const WITHOUT_LINK = "--without-link";
