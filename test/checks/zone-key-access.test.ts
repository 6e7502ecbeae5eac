import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/zone-key-access";
import { outputOf } from "./sample-output";

const sample = outputOf("config");
const stack = "commercial.regulated.pci.pci-key-management";
const key = "payments_prod_us-east-1";

describe("zone-key-access", () => {
  test("the sample is clean", () => {
    expect(sample.check([check])).toEqual([]);
  });

  test("finds a foreign role, and says whose it is", () => {
    const edited = sample.edit(stack, (json) => {
      json.locals[`${key}-policy`].Statement.push({
        Sid: "Extra",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::210000000001:role/web" },
        Action: "kms:Decrypt",
        Resource: "*",
      });
    });
    expect(edited.check([check])).toMatchObject([
      {
        where: `pci-key-management aws_kms_key.${key} statement Extra arn:aws:iam::210000000001:role/web`,
        why: "lets account shop-prod (210000000001) of zone corporate do Decrypt with a key of zone pci",
      },
    ]);
  });
});
