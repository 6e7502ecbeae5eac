import type { FrameworkId } from "../../findings/framework-ids";
import type { Control, Framework } from "./framework";
import { nist80053 } from "./nist-800-53";

/** Controls of NIST SP 800-53 on keys that are in both baselines. */
const moderate = [
  "AC-3",
  "AC-4",
  "AC-5",
  "AC-6",
  "AC-6(1)",
  "AC-6(5)",
  "AC-6(7)",
  "AC-6(9)",
  "AC-6(10)",
  "AU-2",
  "AU-12",
  "CM-3",
  "CM-5",
  "CM-6",
  "CP-9(8)",
  "SC-8(1)",
  "SC-12",
  "SC-13",
  "SC-17",
  "SC-28",
  "SC-28(1)",
];

export const fedrampModerate: Framework = baseline("fedramp-moderate", "FedRAMP Moderate", moderate);
export const fedrampHigh: Framework = baseline("fedramp-high", "FedRAMP High", [...moderate, "SC-12(1)"]);

/** FedRAMP adds parameters to a control, and no check of ours hangs on them. */
function baseline(id: FrameworkId, name: string, controls: readonly string[]): Framework {
  return {
    id,
    name,
    version: "Revision 5 baselines",
    source: "https://github.com/GSA/fedramp-automation/tree/master/dist/content/rev5/baselines",
    controls: nist80053.controls.filter((control: Control) => controls.includes(control.id)),
  };
}
