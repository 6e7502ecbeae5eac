import type { Drift } from "../drift";
import { applied, awsCommand, type StepOf } from "./step-parts";

export const makeConsumerPolicy: StepOf = (drift, settings) =>
  applied(drift, settings, `apply ${stackOf(drift)}, which makes it again and attaches it`);

export const attachConsumerPolicy: StepOf = (drift, settings) => {
  const who = drift.subject?.target ?? "its principal";
  const whatToDo = `apply ${stackOf(drift)}, which attaches it to ${who}; where ${who} is not there any more, mark it as status: pending in the map`;
  return applied(drift, settings, whatToDo);
};

/** Giving access back that was reviewed is no widening to anybody outside the zone, unless an exception accepts it. */
export const restoreConsumerPolicy: StepOf = (drift, settings) =>
  applied(
    drift,
    settings,
    `apply ${stackOf(drift)}, which puts the reviewed policy back; who changed it is in CloudTrail (CreatePolicyVersion)`,
  );

/** Terraform keeps attachments one by one, and does not know of more. */
export const detachConsumerPolicy: StepOf = ({ subject }) => {
  const { policy, target } = subject ?? {};
  return {
    whatToDo: `detach it as an administrator of the account, which no apply does: Terraform knows its own attachments alone; who is meant to use the keys belongs under use in the map`,
    commands: policy === undefined || target === undefined ? [] : detachments(policy.arn, [target]),
  };
};

export const deleteConsumerPolicy: StepOf = ({ subject }) => {
  const { policy } = subject ?? {};
  const whatToDo =
    "see who made it and who has it, and delete it as an administrator of the account; what is meant belongs under use in the map";
  if (policy === undefined) return { whatToDo, commands: [] };
  const { arn, attachedTo } = policy;
  const versions = awsCommand(
    "iam",
    "list-policy-versions",
    "--policy-arn",
    arn,
    "--query",
    "Versions[?!IsDefaultVersion].VersionId",
    "--output",
    "text",
  );
  return {
    whatToDo,
    commands: [
      awsCommand("iam", "list-entities-for-policy", "--policy-arn", arn),
      ...("value" in attachedTo ? detachments(arn, attachedTo.value) : []),
      `${versions} | xargs -n 1 -r ${awsCommand("iam", "delete-policy-version", "--policy-arn", arn, "--version-id")}`,
      awsCommand("iam", "delete-policy", "--policy-arn", arn),
    ],
  };
};

const detach: Readonly<Record<string, readonly [command: string, option: string]>> = {
  group: ["detach-group-policy", "--group-name"],
  role: ["detach-role-policy", "--role-name"],
  user: ["detach-user-policy", "--user-name"],
};

/** The name is the last part: a path is no part of it. */
function detachments(arn: string, targets: readonly string[]): string[] {
  return targets.flatMap((target) => {
    const [kind = ""] = target.split("/");
    const words = detach[kind];
    const name = target.split("/").at(-1);
    if (words === undefined || name === undefined) return [];
    return [awsCommand("iam", ...words, name, "--policy-arn", arn)];
  });
}

function stackOf({ place }: Drift): string {
  return place.stack ?? "its stack";
}
