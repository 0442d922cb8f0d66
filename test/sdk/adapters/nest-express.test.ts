import { fixtures } from "./fixtures/all";
import { adapterSuite } from "./suite";

adapterSuite(fixtures.nestexpress);
