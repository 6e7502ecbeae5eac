import { describe, expect, test } from "@jest/globals";
import { exampleOfPattern, parsePermissionSetRole, permissionSetRolePatterns } from "../../modules/aws/permission-set";

const path = "arn:aws:iam::210000000001:role/aws-reserved/sso.amazonaws.com/";
const suffix = "1234567890abcdef";
const any = "?".repeat(16);

describe("the role of a permission set", () => {
  test("has two patterns, with and without a Region", () => {
    const patterns = permissionSetRolePatterns("aws", "210000000001", "Support");
    expect(patterns).toEqual([`${path}*/AWSReservedSSO_Support_${any}`, `${path}AWSReservedSSO_Support_${any}`]);
    expect(patterns.map(exampleOfPattern)).toEqual([
      `${path}us-west-2/AWSReservedSSO_Support_${suffix}`,
      `${path}AWSReservedSSO_Support_${suffix}`,
    ]);
  });

  test.each<[string, string | undefined]>([
    [`${path}*/AWSReservedSSO_Support_${any}`, "Support"],
    [`${path}eu-west-2/AWSReservedSSO_Support_Admin_${suffix}`, "Support_Admin"],
    [`${path}AWSReservedSSO_Support_${suffix}`, "Support"],
    [`${path}*AWSReservedSSO_Support_${any}`, undefined],
    [`${path}*/AWSReservedSSO_Support_*`, undefined],
    [`${path}*/AWSReservedSSO_*_${any}`, undefined],
    [`${path}*/AWSReservedSSO_Supp?rt_${any}`, undefined],
    [`${path}*/AWSReservedSSO_Support_${any}?`, undefined],
    [`${path}*/*/AWSReservedSSO_Support_${any}`, undefined],
    [`${path.replace("210000000001", "*")}*/AWSReservedSSO_Support_${any}`, undefined],
    [`arn:aws:iam::210000000001:role/AWSReservedSSO_Support_${suffix}`, undefined],
    ["arn:aws:iam::210000000001:role/aws-reserved/sso.amazonaws.com/Support", undefined],
  ])("in %s is that of %s", (arn, name) => {
    expect(parsePermissionSetRole(arn)?.name).toBe(name);
  });
});
