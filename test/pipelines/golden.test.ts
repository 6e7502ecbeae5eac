import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { pipelineHosts } from "../../modules/pipelines/pipeline-plan";
import { isWrittenByOrgkeys } from "../../modules/pipelines/written-by-orgkeys";
import { everyForm, render } from "./rendered";

const golden = join(__dirname, "golden");

// UPDATE_GOLDEN=1 writes the files anew; then read the difference as a reviewer would.
if (process.env.UPDATE_GOLDEN === "1") {
  rmSync(golden, { recursive: true, force: true });
  for (const host of pipelineHosts) {
    for (const { path, text } of render(host)) {
      mkdirSync(dirname(join(golden, host, path)), { recursive: true });
      writeFileSync(join(golden, host, path), text);
    }
  }
}

describe.each(pipelineHosts)("the sample's pipeline on %s", (host) => {
  test.each(render(host).map((file) => [file.path, file.text] as const))("%s is what was reviewed", (path, text) => {
    expect(text).toBe(readFileSync(join(golden, host, path), "utf8"));
  });
});

test("every file is known again as one that orgkeys has written", () => {
  const files = everyForm().flatMap((each) => each.files);
  expect(files.filter(({ text }) => !isWrittenByOrgkeys(text))).toEqual([]);
});

test.each([
  ["a workflow of somebody else's", "name: deploy\n"],
  ["a policy of somebody else's", '{"Version": "2012-10-17", "Statement": [{"Sid": "Mine", "Effect": "Allow"}]}'],
  ["a policy with one statement of ours", '{"Statement": [{"Sid": "OrgkeysDeployTrust"}, {"Sid": "Mine"}]}'],
  ["nothing", ""],
])("%s is not", (_, text) => {
  expect(isWrittenByOrgkeys(text)).toBe(false);
});
