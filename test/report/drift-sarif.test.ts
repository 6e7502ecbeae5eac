import { describe, expect, test } from "@jest/globals";
import type { Log, Result } from "sarif";
import type { DriftReport } from "../../modules/drift/drift-report";
import { driftSarif, type ReportedKind } from "../../modules/report/drift-sarif";
import type { TextSources } from "../../modules/report/locate-findings";
import { drifted, floodedDrift, hostileDrift, undrifted, unmanaged, widened } from "./drift-reports";
import { golden } from "./golden";
import { isSarif } from "./is-sarif";
import { hostileTexts } from "./outcome";

const kinds: readonly ReportedKind[] = [
  { id: "key-pending-deletion", severity: "critical", means: "AWS deletes the key.", fix: "cancel the deletion" },
  { id: "policy-widened", severity: "high", means: "A policy gives `kms:*` | more.", fix: "put it back" },
  { id: "tags-changed", severity: "low", means: "Tags are others.", fix: "apply the stack" },
];

/** A stack of two resources, on known lines. */
const text = JSON.stringify(
  {
    resource: {
      aws_kms_key: { "payments_prod_us-east-1": { description: "" } },
      aws_cloudformation_stack_set: { "baseline-keys": {} },
    },
  },
  null,
  2,
);
const sources: TextSources = {
  stackText: (stack) =>
    stack.includes("payments") ? { file: `cdktf.out/stacks/${stack}/cdk.tf.json`, text } : undefined,
  mapPlace: () => {
    throw new Error("drift has no place in the map");
  },
};

const sarif = (report: DriftReport): string => driftSarif(report, { version: "1.2.3", kinds, sources });
const resultsOf = (report: DriftReport): Result[] => (JSON.parse(sarif(report)) as Log).runs[0]?.results ?? [];
const lineOf = (address: string): number | undefined => {
  const place = { ...widened.place, address };
  const [result] = resultsOf({ ...drifted, findings: [{ ...widened, place }] });
  return result?.locations?.[0]?.physicalLocation?.region?.startLine;
};

describe("drift as SARIF", () => {
  test("reads as its golden file", () => {
    expect(sarif(drifted)).toBe(golden("drift-drifted.sarif", sarif(drifted)));
  });

  test.each([
    ["drifted", drifted],
    ["undrifted", undrifted],
    ["flooded", floodedDrift(500)],
    ...hostileTexts.map((each) => [JSON.stringify(each), hostileDrift(each.replaceAll(/\p{Cs}/gu, ""))] as const),
  ])("%s is valid SARIF 2.1.0", (_, report) => {
    isSarif(JSON.parse(sarif(report)));
    expect(isSarif.errors).toBeNull();
  });

  test.each([
    ["aws_kms_key.payments_prod_us-east-1", 4],
    ["aws_kms_key.payments_prod_us-east-1[0]", 4],
    ["aws_kms_key.gone", 3],
    ["aws_cloudformation_stack_set.baseline-keys Resources.Key", 9],
    ["data.aws_kms_alias.payments", 1],
  ])("%s is at line %i of the reviewed JSON", (address, line) => {
    expect(lineOf(address)).toBe(line);
  });

  test("what no stack has, and a stack that is not there, have a logical location alone", () => {
    const elsewhere = { ...widened, place: { ...widened.place, stack: "another" } };
    const locations = resultsOf({ ...drifted, findings: [unmanaged, elsewhere], ignored: [] }).map(
      (result) => result.locations,
    );
    expect(locations).toEqual([
      [{ logicalLocations: [{ fullyQualifiedName: unmanaged.where, kind: "resource" }] }],
      [{ logicalLocations: [{ fullyQualifiedName: widened.where, kind: "resource" }] }],
    ]);
  });

  test("knows a result again by the drift's own fingerprint", () => {
    const twice = resultsOf({ ...drifted, findings: [widened, widened], ignored: [] });
    expect(twice.map(({ partialFingerprints }) => partialFingerprints)).toEqual(
      [1, 2].map((number) => ({
        "orgkeysSubject/v1": `${widened.fingerprint}:${number}`,
        primaryLocationLineHash: `${widened.fingerprint}:${number}`,
      })),
    );
  });

  test("what is ignored is a suppressed result that says why", () => {
    const suppressed = resultsOf(drifted).filter(({ suppressions }) => suppressions !== undefined);
    expect(suppressed.map(({ ruleId, suppressions }) => [ruleId, suppressions?.[0]?.justification])).toEqual([
      [
        "tags-changed",
        "the tag is renamed by hand this quarter (rule owner-tags: shop-team answers for it, until 2026-07-01)",
      ],
    ]);
  });
});
