import type { AcceptedException } from "../../modules/checks/frame/check";
import { outputOf } from "./sample-output";

export const sample = outputOf("config");
const key = "payments_prod_us-east-1";
const reader = "arn:aws:iam::210000000001:role/reports";
export const subject = `pci-key-management aws_kms_key.${key} statement LegacyReports ${reader}`;
/** The sample with a reader of another zone in a key policy. */
export const breached = sample.edit("commercial.regulated.pci.pci-key-management", (json) => {
  json.locals[`${key}-policy`].Statement.push({
    Sid: "LegacyReports",
    Effect: "Allow",
    Principal: { AWS: reader },
    Action: "kms:Decrypt",
    Resource: "*",
  });
});

/** Accepts exactly that. */
export const exception: AcceptedException = {
  name: "legacy-reports",
  check: "zone-key-access",
  subject,
  owner: "pci-compliance",
  reason: "The old reports move into the zone by then.",
  expires: "2027-03-31",
  source: "exceptions.yaml legacy-reports",
};
