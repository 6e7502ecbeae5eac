// Loaded ahead of a measured program with node --require: writes what its process used, at the very end of it.
// The figures are the operating system's own, on every platform that Node.js runs on.
const { writeFileSync } = require("node:fs");

process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { cpuMicroseconds: userCPUTime + systemCPUTime, peakKibibytes: maxRSS };
  writeFileSync(process.env.BENCH_USAGE_FILE, JSON.stringify(usage));
});
