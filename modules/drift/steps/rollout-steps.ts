import type { DriftPlace, InstanceSubject, StackSetSubject } from "../drift";
import { applied, applyOf, awsCommand, comment, inAccount, type StepOf } from "./step-parts";

export const updateStackSet: StepOf = (drift, settings) =>
  applied(
    drift,
    settings,
    `apply ${drift.place.stack ?? "the rollouts stack"}, which updates it, and find out who changed it (UpdateStackSet in CloudTrail)`,
  );

export const createInstance: StepOf = (drift, settings) => {
  const { instance } = drift.subject ?? {};
  if (instance === undefined) {
    return applied(
      drift,
      settings,
      `find out who deleted it (DeleteStackSet in CloudTrail), and apply ${drift.place.stack ?? "the rollouts stack"}, which makes it with its instances; where stacks were retained, the names of their roles, keys and aliases are taken, and an instance fails on them`,
    );
  }
  return {
    whatToDo: `look at the last operations of ${instance.stackSet}, mend what failed, and create the instance: no plan of Terraform shows that it is missing`,
    commands: [operations(instance), onInstance(drift.place, "create-stack-instances", instance)],
  };
};

export const updateInstance: StepOf = ({ subject, place }) => ({
  whatToDo: "mend what failed, and update the instance: no plan of Terraform shows it",
  commands: commandsOf(subject?.instance, (each) => [
    operations(each),
    onInstance(place, "update-stack-instances", each),
  ]),
});

export const deleteInstance: StepOf = ({ subject, place }) => ({
  whatToDo:
    "find out who made it: an account that joined the OU belongs into the map; every other instance is deleted with its stack retained, and what it brought to the account is then ended there",
  commands: [
    ...commandsOf(subject?.instance, (each) => [
      operations(each),
      comment(onInstance(place, "delete-stack-instances", each, "--retain-stacks")),
    ]),
    ...(subject?.stackSet === undefined ? [] : endStackSet(place, subject.stackSet)),
  ],
});

/** CloudFormation deletes a StackSet only when it has no instance any more. */
function endStackSet(place: DriftPlace, stackSet: StackSetSubject): string[] {
  const of = (command: string, ...options: readonly string[]): string =>
    awsCommand("cloudformation", command, ...setWords(stackSet), ...options);
  const targets = ["--deployment-targets", "OrganizationalUnitIds=OUS", "--regions", "REGIONS", "--retain-stacks"];
  return [
    of("describe-stack-set"),
    of("list-stack-instances"),
    comment("when nobody needs it: its instances first, by the OUs and Regions that the list has"),
    comment(inAccount(place, of("delete-stack-instances", ...targets))),
    comment(inAccount(place, of("delete-stack-set"))),
  ];
}

export const remakeInstance: StepOf = ({ subject, place }) => ({
  whatToDo:
    "delete the instance with its stack retained, mend or delete that stack in its account (its keys are retained either way), and create the instance anew",
  commands: commandsOf(subject?.instance, (each) => [
    onInstance(place, "delete-stack-instances", each, "--retain-stacks"),
    operations(each),
    comment(onInstance(place, "create-stack-instances", each)),
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

function setWords({ stackSet, homeRegion, callAs }: StackSetSubject): string[] {
  const as = callAs === "SELF" ? [] : ["--call-as", callAs];
  return ["--stack-set-name", stackSet, "--region", homeRegion, ...as];
}

function operations(instance: InstanceSubject): string {
  return awsCommand("cloudformation", "list-stack-set-operations", ...setWords(instance), "--max-items", "5");
}

/** Service-managed StackSets take accounts within their OUs alone. */
function onInstance(
  place: DriftPlace,
  command: string,
  instance: InstanceSubject,
  ...options: readonly string[]
): string {
  const { ous, accountId, region } = instance;
  const targets = `OrganizationalUnitIds=${ous.join(",")},Accounts=${accountId},AccountFilterType=INTERSECTION`;
  const words = ["--deployment-targets", targets, "--regions", region];
  return inAccount(place, awsCommand("cloudformation", command, ...setWords(instance), ...words, ...options));
}
