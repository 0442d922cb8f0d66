#!/usr/bin/env node
import { main } from "../guard/program.ts";

void main(process.argv.slice(2));
