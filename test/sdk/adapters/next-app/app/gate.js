/** Requests that wait for `/release`; on the global object, since each route may have a copy of this module. */
const held = (globalThis.testHeld ??= []);

export const hold = () => new Promise((resolve) => held.push(resolve));
export const release = () => held.splice(0).map((go) => go()).length;
export const waiting = () => held.length;
