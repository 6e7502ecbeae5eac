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
