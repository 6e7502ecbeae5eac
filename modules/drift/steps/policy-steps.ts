import { policyJson } from "../../access/policy-json";
import { putKeyPolicy } from "../../aws/kms-commands";
import type { Drift } from "../drift";
import { healed, isTerraforms, keyAt, type StepOf } from "./step-parts";
import { whoRewrites } from "./who-rewrites";

/** Back to the reviewed policy. Taking access back is no widening, so that the gate has nothing against it. */
export const restorePolicy: StepOf = (drift, settings) => {
  const byHand = putReviewedPolicy(drift);
  const { key } = drift.subject ?? {};
  const may = key === undefined ? "" : `; its policy in AWS can be changed by ${whoRewrites(key)}`;
  const unwritten =
    byHand.length === 0 ? "; the reviewed policy cannot be written out here: take it from the stack's JSON" : "";
  const step = healed(drift, settings, "put the reviewed policy back", byHand, "whoever may change it");
  return { ...step, whatToDo: `${step.whatToDo}${may}${unwritten}` };
};

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
