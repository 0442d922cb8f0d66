/** Express 4 under its alias; the types of version 5 are close enough for the test app. */
declare module "express4" {
  import express from "express";
  export default express;
}
