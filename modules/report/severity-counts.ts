import { z } from "zod";

const count = z.int().min(0);

/** How many of each severity a document has, in the order of severities. */
export const severityCounts = z.strictObject({
  critical: count.describe("Of these, how many are critical"),
  high: count.describe("How many are high"),
  medium: count.describe("How many are medium"),
  low: count.describe("How many are low"),
  information: count.describe("How many are mere information"),
});
