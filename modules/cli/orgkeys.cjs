#!/usr/bin/env node
// TypeScript runs as it is, so that a fork of this repository needs no build step.
require("tsx/cjs");
require("./main.ts");
