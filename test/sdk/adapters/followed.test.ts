import { followRequests } from "@/lib/sdk/src/context";
import { fixtures } from "./fixtures/all";
import { adapterSuite } from "./suite";

// As soon as there is a cached definition, requests run in a context of their own. Nothing else may change.
followRequests();
adapterSuite(fixtures.express5);
adapterSuite(fixtures.fastify);
