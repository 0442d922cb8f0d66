#!/usr/bin/env node
import { main } from "../prefill/worker-program.ts";

void main(process.argv.slice(2));
