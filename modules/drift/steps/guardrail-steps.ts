import { organizationsRegion } from "../../aws/organizations";
import { applied, awsCommand, inAccount, type StepOf } from "./step-parts";

export const restoreGuardrail: StepOf = (drift, settings) =>
  applied(
    drift,
    settings,
    `apply ${drift.place.stack ?? "the guardrails stack"}, which puts the reviewed guardrail back; who changed it is in CloudTrail of the management account (UpdatePolicy). Where the one in AWS denies more than the reviewed one, the gate can stop the apply (policy-widened)`,
  );

export const attachGuardrail: StepOf = (drift, settings) =>
  applied(
    drift,
    settings,
    `apply ${drift.place.stack ?? "the guardrails stack"} at once, which attaches it to ${drift.subject?.target ?? "what it was reviewed for"}; until then nothing is above the key policies there`,
  );

export const makeGuardrail: StepOf = (drift, settings) =>
  applied(
    drift,
    settings,
    `apply ${drift.place.stack ?? "the guardrails stack"} at once, which makes and attaches it; find out who deleted it (DeletePolicy, DetachPolicy in CloudTrail of the management account)`,
  );

/** Terraform knows its own attachments alone. */
export const detachGuardrail: StepOf = ({ subject, place }) => {
  const { guardrail, target } = subject ?? {};
  const region = organizationsRegion(place.partition);
  return {
    whatToDo: `detach it from ${target ?? "there"} in the management account, which no apply does; where the zone has that OU or account, put it into zones.yaml`,
    commands:
      guardrail === undefined || target === undefined
        ? []
        : [
            inAccount(
              place,
              awsCommand(
                "organizations",
                "detach-policy",
                ...["--policy-id", guardrail.id, "--target-id", target, "--region", region],
              ),
            ),
          ],
  };
};
