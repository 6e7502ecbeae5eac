import { expect, test } from "@jest/globals";
import { explain } from "../../modules/keys/explain-keys";
import { explanationText } from "../../modules/report/explanation-text";
import { edit, planOf, smallSources } from "../stacks/small-organization";

const more = `
        - sid: ReaderAlone
          effect: Deny
          notPrincipals: [role/reader]
          actions: [kms:ReEncryptFrom]
        - sid: NothingElse
          effect: Deny
          principals: [role/reader]
          notActions: [kms:Decrypt, kms:DescribeKey]
`;

test("an explanation reads exclusions as they work", () => {
  const last = "encryptionContext: {record: patient}}";
  const sources = edit(smallSources(), "workloads/clinic.yaml", last, `${last}\n      statements:${more}`);
  const { map, plan } = planOf(sources);
  const found = explain(map, plan, "alias/records-prod");
  const lines = found === undefined ? [] : explanationText(found);
  const of = (sid: string): string[] => lines.slice(lines.indexOf(`    ${sid}`) + 1).slice(0, 3);
  expect(of("ExtraReaderAlone")).toEqual([
    "      everybody",
    "      may NOT ReEncryptFrom",
    "      if aws:PrincipalArn ArnNotEquals arn:aws:iam::310000000001:role/reader",
  ]);
  expect(of("ExtraNothingElse").slice(0, 2)).toEqual([
    "      arn:aws:iam::310000000001:role/reader",
    "      may NOT do anything but Decrypt, DescribeKey",
  ]);
});

test("a principal that has grants alone is told of no statement", () => {
  const { map, plan } = planOf(smallSources());
  const lines = (subject: string): string[] => {
    const found = explain(map, plan, subject);
    return (found === undefined ? [] : explanationText(found)).filter((line) => line.startsWith("  who, "));
  };
  expect(lines("role/shop-batch")).toEqual(["  who, through which grant"]);
  expect(lines("role/records")).toEqual(["  who, through which statement"]);
});
