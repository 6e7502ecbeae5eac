import { expect, test } from "@jest/globals";
import { RefreshSteps } from "../../../modules/terraform/run/refresh-stacks";
import type { RunSteps } from "../../../modules/terraform/run/run-parts";
import type { StepContext } from "../../../modules/terraform/steps/step";

const never = () => Promise.reject(new Error("not here"));
const change = (
  address: string,
  before: object | null,
  after: object | null,
  mode: "managed" | "data" = "managed",
) => ({
  address,
  mode,
  type: address.replace(/^data\./, "").split(".")[0] ?? "",
  name: "records",
  change: { actions: after === null ? ["delete"] : ["update"], before: before as never, after: after as never },
});
const context = { stack: "acme.health.clinic" } as StepContext;

test("a refresh plans nothing, and keeps of a plan which arguments AWS has other than the state, without a value", async () => {
  const seen: (boolean | undefined)[] = [];
  const steps: RunSteps = {
    warmCache: never,
    init: never,
    plan: async ({ refreshOnly }) => {
      seen.push(refreshOnly);
      return { ok: true, durationMs: 1, attempts: 1, changes: true };
    },
    show: async () => ({
      ok: true,
      durationMs: 1,
      attempts: 1,
      planSha256: "",
      plan: {
        format_version: "1.2",
        resource_drift: [
          change(
            "aws_kms_key.a",
            { tags: { Owner: "x" }, policy: "same" },
            { tags: { Owner: "secret" }, policy: "same" },
          ),
          change("aws_kms_key.b", { tags: {} }, null),
          change("aws_kms_key.c", { tags: { a: "1" } }, { tags: { a: "1" } }),
          change("aws_iam_policy.untouched", { attachment_count: 0 }, { attachment_count: 1 }),
          change("aws_iam_policy.e", { attachment_count: 0, policy: "a" }, { attachment_count: 1, policy: "b" }),
          change("data.aws_kms_key.d", { id: "1" }, { id: "2" }, "data"),
        ],
      },
    }),
    apply: never,
    importResource: never,
    forgetResource: never,
  };
  const refresh = new RefreshSteps(steps);
  await refresh.forRun.plan(context);
  const shown = await refresh.forRun.show(context);
  expect(seen).toEqual([true]);
  expect(refresh.changesOf(context.stack)).toEqual([
    { address: "aws_kms_key.a", isGone: false, attributes: ["tags"] },
    { address: "aws_kms_key.b", isGone: true, attributes: [] },
    { address: "aws_iam_policy.e", isGone: false, attributes: ["policy"] },
  ]);
  expect(JSON.stringify(shown)).not.toContain("secret");
});
