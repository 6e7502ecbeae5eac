import { readdirSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { allChecks, proofChecks } from "../../modules/checks/frame/all-checks";
import { checkIds } from "../../modules/findings/check-ids";

const files = readdirSync("modules/checks")
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.replace(/\.ts$/, ""))
  .sort();

describe("checks", () => {
  test("are one a file, which has the check's id for its name", () => {
    expect(allChecks.map(({ id }) => id).sort()).toEqual(files);
    for (const id of files) {
      expect(require(`../../modules/checks/${id}`)).toMatchObject({ check: { id } });
    }
  });

  test("are what exceptions can name", () => {
    expect([...checkIds].sort()).toEqual(files);
  });

  test("have something to look at", () => {
    const idle = allChecks.filter(
      ({ inKey, inStack, inOutput, inExceptions }) => (inKey ?? inStack ?? inOutput ?? inExceptions) === undefined,
    );
    expect(idle).toEqual([]);
  });

  test("of the proof are what guards zones", () => {
    expect(proofChecks.map(({ id }) => id)).toEqual(
      [...checkIds].filter(
        (id) =>
          id.startsWith("zone-") ||
          ["readable", "rollout-access", "rollout-templates"].includes(id) ||
          id.endsWith("-as-mapped"),
      ),
    );
  });
});
