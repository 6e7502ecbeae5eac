import type { CheckId } from "../../findings/check-ids";
import type { FrameworkId } from "../../findings/framework-ids";
import { cis } from "./cis";
import { fedrampHigh, fedrampModerate } from "./fedramp";
import type { Framework } from "./framework";
import { hipaa } from "./hipaa";
import { nist80053 } from "./nist-800-53";
import { pciDss } from "./pci-dss-4.0";
import { securityHub } from "./security-hub";

export const frameworks: Readonly<Record<FrameworkId, Framework>> = {
  cis,
  "fedramp-high": fedrampHigh,
  "fedramp-moderate": fedrampModerate,
  hipaa,
  "nist-800-53": nist80053,
  "pci-dss-4.0": pciDss,
  "security-hub": securityHub,
};

/** Checks that no framework asks for, with what they are for. */
export const checksOfOurOwn: Readonly<Partial<Record<CheckId, string>>> = {
  "keys-as-mapped": "Which rules hold for a key is the map's word, never the stack's own.",
  "aws-limits": "What AWS refuses for its size is found before the apply that would stop halfway.",
};
