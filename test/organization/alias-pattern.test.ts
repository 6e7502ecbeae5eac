import { describe, expect, test } from "@jest/globals";
import { aliasPatternFlaws, defaultAliasPattern, fillAliasPattern } from "../../modules/organization/alias-pattern";
import { keyScopes } from "../../modules/organization/schema/data-classes-schema";

const values = { workload: "shop", environment: "prod", service: "s3", dataClass: "restricted", zone: "corporate" };

describe("an alias pattern", () => {
  test("is filled in from the key's names", () => {
    expect(fillAliasPattern("{zone}/{dataClass}/{workload}-{environment}-{service}", values)).toBe(
      "alias/corporate/restricted/shop-prod-s3",
    );
    expect(fillAliasPattern("master-key-org", values)).toBe("alias/master-key-org");
  });

  test("keeps a placeholder without a value, so that nothing is lost without a trace", () => {
    expect(fillAliasPattern("{workload}-{service}", { ...values, service: undefined })).toBe("alias/shop-{service}");
  });

  test.each(keyScopes)("that is the default for keys per %s can be filled in", (scope) => {
    expect(aliasPatternFlaws(defaultAliasPattern[scope], scope, false)).toEqual([]);
  });

  test("may name what a key of its scope has, and nothing else", () => {
    expect(aliasPatternFlaws("{dataClass}-{environment}-{zone}", "environment", false)).toEqual([]);
    expect(aliasPatternFlaws("{workload}-{environment}", "workload", false).map(({ fix }) => fix)).toEqual([
      "drop {environment}",
    ]);
    expect(aliasPatternFlaws("{workload}-{service}", "workload-environment", true)).toEqual([]);
    expect(aliasPatternFlaws("{workload}-{service}", "workload-environment", false)).toHaveLength(1);
  });

  test("names each wrong placeholder once", () => {
    expect(aliasPatternFlaws("{team}-{team}-{color}", "workload", false).map(({ fix }) => fix)).toEqual([
      "drop {color}",
      "drop {team}",
    ]);
  });
});
