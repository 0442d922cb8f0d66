/**
 * Where middlewares for sign-in put what they know. Their own types say more when they declare it; `any`, so that
 * `user: (req) => req.user?.id` compiles without them.
 */
export interface SignedIn {
  // oxlint-disable-next-line typescript/no-explicit-any
  user?: any;
  // oxlint-disable-next-line typescript/no-explicit-any
  auth?: any;
  // oxlint-disable-next-line typescript/no-explicit-any
  session?: any;
}
