import type { InstanceSubject } from "../drift";
import { applied, applyOf, awsCommand, type StepOf } from "./step-parts";

export const updateStackSet: StepOf = (drift, settings) =>
  applied(
    drift,
    settings,
    `apply ${drift.place.stack ?? "the rollouts stack"}, which updates it, and find out who changed it (UpdateStackSet in CloudTrail)`,
  );

export const createInstance: StepOf = (drift, settings) => {
  const { instance } = drift.subject ?? {};
  if (instance === undefined) return applied(drift, settings, `apply ${drift.place.stack ?? "the rollouts stack"}`);
  return {
    whatToDo: `look at the last operations of ${instance.stackSet}, mend what failed, and create the instance: no plan of Terraform shows that it is missing`,
    commands: [operations(instance), onInstance("create-stack-instances", instance)],
  };
};

export const updateInstance: StepOf = ({ subject }) => ({
  whatToDo: "mend what failed, and update the instance: no plan of Terraform shows it",
  commands: commandsOf(subject?.instance, (each) => [operations(each), onInstance("update-stack-instances", each)]),
});

export const deleteInstance: StepOf = ({ subject }) => ({
  whatToDo:
    "find out who made it: an account that joined the OU belongs into the map; every other instance is deleted with its stack retained, and what it brought to the account is then ended there",
  commands: commandsOf(subject?.instance, (each) => [
    operations(each),
    onInstance("delete-stack-instances", each, "--retain-stacks"),
  ]),
});

export const remakeInstance: StepOf = ({ subject }) => ({
  whatToDo:
    "delete the instance with its stack retained, mend or delete that stack in its account (its keys are retained either way), and create the instance anew",
  commands: commandsOf(subject?.instance, (each) => [
    onInstance("delete-stack-instances", each, "--retain-stacks"),
    operations(each),
    `# ${onInstance("create-stack-instances", each)}`,
  ]),
});

export const tidyUp: StepOf = () => ({
  whatToDo:
    "see whether anything uses what the stack made, keys before all: a key in it may have data under it. Import the stack into its StackSet where the account is reached again, or end what it made and delete the stack",
  commands: [],
});

export const makeDirectStack: StepOf = (drift, settings) => ({
  whatToDo: `apply ${drift.place.stack ?? "the rollouts stack"}, which makes it; roles, keys and aliases that were retained have their names still, and are deleted or taken over before`,
  commands: applyOf(drift, settings),
});

function commandsOf(
  instance: InstanceSubject | undefined,
  make: (instance: InstanceSubject) => readonly string[],
): readonly string[] {
  return instance === undefined ? [] : make(instance);
}

function setWords({ stackSet, homeRegion, callAs }: InstanceSubject): string[] {
  const as = callAs === "SELF" ? [] : ["--call-as", callAs];
  return ["--stack-set-name", stackSet, "--region", homeRegion, ...as];
}

function operations(instance: InstanceSubject): string {
  return awsCommand("cloudformation", "list-stack-set-operations", ...setWords(instance), "--max-items", "5");
}

/** Service-managed StackSets take accounts within their OUs alone. */
function onInstance(command: string, instance: InstanceSubject, ...options: readonly string[]): string {
  const { ous, accountId, region } = instance;
  const targets = `OrganizationalUnitIds=${ous.join(",")},Accounts=${accountId},AccountFilterType=INTERSECTION`;
  const words = ["--deployment-targets", targets, "--regions", region];
  return awsCommand("cloudformation", command, ...setWords(instance), ...words, ...options);
}
