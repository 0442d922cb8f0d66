import { Module, type DynamicModule, type NestInterceptor } from "@nestjs/common";
import { HttpAdapterHost } from "@nestjs/core";
import { warnOnce } from "../registry.ts";
import { clientOf, type OptionsOrClient } from "./client-of.ts";
import { tailfill as express, type ExpressRequest } from "./express.ts";
import { tailfill as fastify, type SignedInRequest } from "./fastify.ts";
import { jobInterceptor } from "./nest-jobs.ts";

export type { Client, TailfillOptions } from "../client-type.ts";
export { Job } from "./nest-jobs.ts";

/** The request of the platform below, Express's or Fastify's, as `user(req)` gets it. */
export type NestRequest = ExpressRequest & SignedInRequest;

/** What is used of Nest's HTTP adapter; there is none where Nest serves no HTTP. */
interface HttpAdapter {
  getType(): string;
  getInstance(): unknown;
}

/**
 * The module of NestJS 10 and 11, for an app on Express or Fastify, a microservice, or both: import it first, in the root module:
 * `imports: [TailfillModule.forRoot({ service: "shop", user: (req) => req.user?.id })]`.
 */
export class TailfillModule {
  /** Times every request under Nest's own path of its route, and every microservice message as a `JOB`. */
  static forRoot(optionsOrClient?: OptionsOrClient<NestRequest>): DynamicModule {
    const client = clientOf(optionsOrClient);
    const mounted = Symbol("tailfill");
    return {
      module: TailfillModule,
      providers: [
        { provide: mounted, inject: [HttpAdapterHost], useFactory: mountOn },
        { provide: "APP_INTERCEPTOR", useFactory: (): NestInterceptor => jobInterceptor(client) },
      ],
    };

    /** Providers are made before Nest adds its body parsers: ours comes first. */
    function mountOn({ httpAdapter }: { httpAdapter?: HttpAdapter | null }): true {
      try {
        if (httpAdapter) mount(httpAdapter);
      } catch (error) {
        client.report(error);
      }
      return true;
    }

    function mount(adapter: HttpAdapter): void {
      const type = adapter.getType();
      // Safe: the types say what these platforms are, and the adapters look before they use.
      if (type === "express") (adapter.getInstance() as { use(middleware: unknown): void }).use(express(client));
      else if (type === "fastify") fastify(adapter.getInstance() as never, client, () => undefined);
      else warnOnce("nest platform", `Nest on ${type} is not known: its requests are not counted`);
    }
  }
}

Module({})(TailfillModule);
