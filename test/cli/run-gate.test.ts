import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { runGate, runStrayKeys } from "../../modules/cli/run-gate";
import type { GateInput } from "../../modules/gate/gate-finding";
import { wantedKeys } from "../../modules/gate/wanted-keys";
import type { StackPlan } from "../../modules/terraform/run/run-parts";
import type { Json } from "../checks/sample-output";
import { onResource, records, small } from "../checks/small-output";
import { simulatedInput } from "../gate/simulated-plan";
import { FakeAws } from "../live/fake-aws";

const before = { ...process.env };
const aws = new FakeAws();

beforeAll(async () => {
  // The SDK reads the environment alone: nothing of this machine's own may get in.
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
  process.env.AWS_ENDPOINT_URL = await aws.start();
  process.env.AWS_ACCESS_KEY_ID = "pipeline";
  process.env.AWS_SECRET_ACCESS_KEY = "secret";
  process.env.AWS_EC2_METADATA_DISABLED = "true";
});
afterAll(async () => {
  await aws.stop();
  process.env = before;
});

/** The plan that makes the key of a stack, from nothing, and what a cut apply of it has left. */
function cut(edit: (json: Json) => void = () => {}): StackPlan {
  const json: Json = JSON.parse(small.texts.get(records.stack) ?? "");
  edit(json);
  const input: GateInput = simulatedInput(records.stack, undefined, JSON.stringify(json));
  const [wanted] = wantedKeys(input);
  aws.keys = [
    {
      id: "made",
      description: wanted?.description ?? "",
      state: "Enabled",
      created: 1_767_225_600,
      tags: wanted?.tags ?? {},
    },
  ];
  return input;
}

describe("what a cut apply has made", () => {
  const since = "2026-01-01T00:00:00.000Z";
  const address = `aws_kms_key.${records.key}`;

  test("is the one key that is as planned", async () => {
    expect(await runStrayKeys(small.rules.zones)(cut(), since)).toEqual([{ address, id: "made" }]);
  });

  test("is nobody's while two addresses may have it", async () => {
    const planned = cut((json) => {
      json.resource.aws_kms_key["twin_us-east-1"] = json.resource.aws_kms_key[records.key];
    });
    expect(await runStrayKeys(small.rules.zones)(planned, since)).toEqual({
      unknown: `made may be ${address} or aws_kms_key.twin_us-east-1, which have the same tags and description: import it as the one that it is`,
    });
  });

  test("may not be told while two keys are as planned", async () => {
    const planned = cut();
    aws.keys = [...aws.keys, ...aws.keys.map((key) => ({ ...key, id: "made-by-hand" }))];
    expect(await runStrayKeys(small.rules.zones)(planned, since)).toMatchObject({
      unknown: expect.stringContaining("may be any of"),
    });
  });
});

test("what is allowed in one round is not allowed at the same address of a later round's stack", async () => {
  const text = small.texts.get(records.stack) ?? "";
  const shorter = onResource(records.stack, "aws_kms_key", records.key, (key) => {
    key.deletion_window_in_days = 7;
  })(small).texts.get(records.stack);
  const planned = simulatedInput(records.stack, text, shorter ?? "");
  const later = { ...planned, node: { ...planned.node, name: `${records.stack}-2` } };
  const judge = runGate({
    zones: small.rules.zones,
    exceptions: [],
    allowances: [{ subject: `aws_kms_key.${records.key}`, reason: "agreed with finance" }],
    maxChanges: undefined,
    today: "2026-12-01",
  });
  const first = await judge([planned], { changesBefore: 0, moreToCome: true });
  expect(first).toMatchObject({ open: 0, mistakes: [] });
  expect(await judge([later], { changesBefore: 1, moreToCome: false })).toMatchObject({ open: 1, mistakes: [] });
});
