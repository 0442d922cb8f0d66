import { nextSuite } from "./next-suite";

nextSuite("next15");
