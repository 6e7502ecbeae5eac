#!/usr/bin/env node
// The SDK announces the end of its support for Node 20: its version here is pinned, and it is nothing for a user to do.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
// TypeScript runs as it is, so that a fork of this repository needs no build step.
require("tsx/cjs");
require("./main.ts");
