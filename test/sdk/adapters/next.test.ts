import { nextSuite } from "./next-suite";

// One after the other: a build wants the whole machine.
nextSuite("next");
nextSuite("next15");
