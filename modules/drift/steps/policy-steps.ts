import { policyJson } from "../../access/policy-json";
import { putKeyPolicy } from "../../aws/kms-commands";
import type { Drift } from "../drift";
import type { CommandSettings, NextStep } from "../next-step";
import { applyOf, comment, healed, isTerraforms, keyAt, type StepOf } from "./step-parts";
import { isLockedOut, whoRewrites } from "./who-rewrites";

/** Back to the reviewed policy. Taking access back is no widening, so that the gate has nothing against it. */
export const restorePolicy: StepOf = (drift, settings) => {
  const byHand = putReviewedPolicy(drift);
  const { key } = drift.subject ?? {};
  if (key !== undefined && isLockedOut(key)) return askSupport(drift, settings, whoRewrites(key), byHand);
  const may = key === undefined ? "" : `; its policy in AWS can be changed by ${whoRewrites(key)}`;
  const unwritten =
    byHand.length === 0 ? "; the reviewed policy cannot be written out here: take it from the stack's JSON" : "";
  const step = healed(drift, settings, "put the reviewed policy back", byHand, "whoever may change it");
  return { ...step, whatToDo: `${step.whatToDo}${may}${unwritten}` };
};

/** Nothing to paste: AWS denies all of it until somebody is let in again. */
function askSupport(drift: Drift, settings: CommandSettings, who: string, byHand: readonly string[]): NextStep {
  const afterwards = isTerraforms(drift) ? applyOf(drift, settings) : byHand;
  return {
    whatToDo: `open a case with AWS Support: its policy in AWS can be changed by ${who}. Until then every apply of it fails, and so does whatever its account tries`,
    commands: [
      comment("once AWS Support has let the account in again:"),
      ...afterwards.flatMap((command) => command.split("\n").map(comment)),
    ],
  };
}

export const leavePolicy: StepOf = (drift, settings) => ({
  ...restorePolicy(drift, settings),
  whatToDo:
    "leave it: both policies mean the same. To have the reviewed text again, put it back by hand; a plan of Terraform may not show it",
});

export const remakePrincipal: StepOf = (drift, settings) => {
  const step = restorePolicy(drift, settings);
  const apply = isTerraforms(drift)
    ? "make the principal again and apply"
    : "make the principal again and put the policy back";
  return {
    ...step,
    whatToDo: `${apply}, or mark it as status: pending in the map, synthesize and apply: until then AWS refuses the reviewed policy (MalformedPolicyDocumentException), and the deleted principal's id lets nobody in`,
  };
};

/** The document stands between quoted marks: the shell changes nothing in it. */
export function putReviewedPolicy(drift: Drift): string[] {
  const key = keyAt(drift);
  const policy = drift.subject?.reviewedKey?.policy;
  const json = policy === undefined ? undefined : policyJson(policy);
  const keyId = drift.subject?.key?.keyId;
  if (key === undefined || json === undefined || keyId === undefined) return [];
  const file = `key-policy-${`${keyId}-${drift.place.region}`.replaceAll(/[^\w-]/g, "_")}.json`;
  return [`cat > ${file} <<'POLICY'\n${json}\nPOLICY`, putKeyPolicy(key, file)];
}
