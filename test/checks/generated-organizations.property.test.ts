import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { allChecks } from "../../modules/checks/frame/all-checks";
import { check as zoneKeyAccess } from "../../modules/checks/zone-key-access";
import { planSources } from "../../stacks/load-plan";
import { generatedMap } from "../keys/generated-map";
import { type Output, outputOfPlan } from "./sample-output";

/** Maps that only fail for an alias or a grant that stands twice are passed over. */
const output: fc.Arbitrary<Output> = generatedMap()
  .map((sources) => planSources(sources, "config"))
  .filter((loaded) => !("problems" in loaded))
  .map((loaded) => {
    if ("problems" in loaded) throw new Error("has been filtered out");
    return outputOfPlan(loaded);
  });

test("what is synthesized from any map is clean", () => {
  fc.assert(
    fc.property(output, (synthesized) => {
      expect(synthesized.check(allChecks, "2026-01-01")).toEqual([]);
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

test("a role of the other zone is found in any key of any map", () => {
  fc.assert(
    fc.property(
      output,
      fc.nat(),
      fc.constantFrom("kms:Decrypt", "kms:*", "*", "kms:PutKeyPolicy"),
      (each, at, action) => {
        const stacks = [...each.texts].filter(([, text]) => text.includes('"aws_kms_key"'));
        const [name = "", text = ""] = stacks[at % stacks.length] ?? [];
        const foreigner = `arn:aws:iam::${text.includes('"zone": "a"') ? "100000001001" : "100000000001"}:role/api`;
        const found = each
          .edit(name, (json) => {
            const policies = Object.keys(json.locals).filter((local) => json.locals[local].Statement[0]?.Principal);
            const policy = json.locals[policies[at % policies.length] ?? ""];
            policy.Statement.push({
              Sid: "Extra",
              Effect: "Allow",
              Principal: { AWS: foreigner },
              Action: action,
              Resource: "*",
            });
          })
          .check([zoneKeyAccess]);
        expect(found).toMatchObject([{ id: "zone-key-access", severity: "critical" }]);
      },
    ),
    { numRuns: 12, endOnFailure: true },
  );
});
