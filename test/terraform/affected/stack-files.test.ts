import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { comparedFolder } from "../../../modules/terraform/affected/stack-files";
import { loadedBeside } from "../../../modules/terraform/graph/read-output";

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "orgkeys-stack-files-"));
});
afterEach(() => rmSync(out, { recursive: true }));

test("a folder is no file of a stack, whatever it is called", () => {
  const folder = join(out, "stacks", "acme.keys");
  mkdirSync(join(folder, "d.tf"), { recursive: true });
  writeFileSync(join(folder, "cdk.tf.json"), "{}");
  writeFileSync(join(folder, "override.tf"), "");
  const { json, others } = comparedFolder(out, ["acme.keys"]).filesOf("acme.keys");
  expect(json?.toString()).toBe("{}");
  expect([...others.keys()]).toEqual(["override.tf"]);
  expect(loadedBeside(folder)).toEqual(["override.tf"]);
});
