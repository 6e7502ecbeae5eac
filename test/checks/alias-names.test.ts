import { describe, expect, test } from "@jest/globals";
import { check } from "../../modules/checks/alias-names";
import { type Json, outputOf } from "./sample-output";

const sample = outputOf("config");
const stack = "commercial.regulated.pci.pci-key-management";
const id = "payments-prod_us-east-1";
const address = `pci-key-management aws_kms_alias.${id}`;

function named(name: string) {
  return sample.edit(stack, (json) => Object.assign(json.resource.aws_kms_alias[id], { name }));
}

describe("alias-names", () => {
  test("the sample and a small organization are clean", () => {
    expect([...sample.check([check]), ...outputOf("test/fixtures/small").check([check])]).toEqual([]);
  });

  const long = `alias/${"a".repeat(251)}`;
  test.each([
    ["payments-prod", "its name payments-prod does not begin with alias/"],
    ["Alias/payments", "its name Alias/payments does not begin with alias/"],
    ["alias/aws/s3", "its name alias/aws/s3 begins with alias/aws/, which AWS keeps for its own keys"],
    [long, `its name has 257 characters, and AWS takes at most 256: ${long}`],
    ["alias/", "its name alias/ has to have letters, digits and : / _ - after alias/, and nothing else"],
    ["alias/a b", "its name alias/a b has to have letters, digits and : / _ - after alias/, and nothing else"],
    [
      "alias/zahlung-ä",
      "its name alias/zahlung-ä has to have letters, digits and : / _ - after alias/, and nothing else",
    ],
    ["alias/a\n", "its name alias/a\n has to have letters, digits and : / _ - after alias/, and nothing else"],
  ])("finds the name %j", (name, why) => {
    expect(named(name).check([check])).toMatchObject([
      {
        where: `${address} ${name}`,
        why,
        severity: "high",
        place: { document: stack, path: `/resource/aws_kms_alias/${id}/name` },
      },
    ]);
  });

  test.each([long.slice(0, -1), "alias/a", "alias/awsome", "alias/Team/a:b_c-1"])("is silent about %s", (name) => {
    expect(named(name).check([check])).toEqual([]);
  });

  test("finds two aliases with one name in one stack", () => {
    expect(named("alias/fraud-scoring").check([check])).toMatchObject([
      {
        where: `${address} alias/fraud-scoring us-east-1`,
        why: "aws_kms_alias.fraud-scoring_us-east-1 has the same name in the same account and Region",
      },
    ]);
  });

  test("finds each alias too many", () => {
    const edited = sample.edit(stack, (json) => {
      for (const alias of ["payments-prod_us-east-1", "payments-prod-s3_us-east-1"]) {
        json.resource.aws_kms_alias[alias].name = "alias/fraud-scoring";
      }
    });
    expect(edited.check([check])).toHaveLength(2);
  });

  test("finds the same name in two stacks of one account", () => {
    const text = JSON.stringify(jsonOf(stack));
    const twice = sample.withText("commercial.regulated.pci.second", text);
    const found = twice.check([check]);
    expect(found).toHaveLength(Object.keys(jsonOf(stack).resource.aws_kms_alias).length);
    expect(found.map(({ why }) => why)).toContain(
      `aws_kms_alias.${id} of stack ${stack} has the same name in the same account and Region`,
    );
  });

  test("is silent about one name in two Regions, and in two accounts of one zone or of several", () => {
    const names = ["commercial.workloads.prod.shop-prod", "commercial.regulated.hipaa.patient-portal-prod"];
    const edited = names.reduce(
      (output, name) =>
        output.edit(name, (json) => {
          const [alias]: Json[] = Object.values(json.resource.aws_kms_alias);
          alias.name = "alias/payments-prod";
        }),
      sample,
    );
    expect(edited.check([check])).toEqual([]);
  });
});

function jsonOf(name: string): Json {
  let found: Json;
  sample.edit(name, (json) => {
    found = json;
  });
  return found;
}
