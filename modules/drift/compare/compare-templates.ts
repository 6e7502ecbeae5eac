import { fieldsOf } from "../../access/json-parts";
import type { StackDirectStack, StackStackSet, SynthesizedStack } from "../../access/synthesized-stack";
import { regionalStack } from "../../aws/regional-stack";
import type { Severity } from "../../findings/finding";
import type { LiveTemplate, Reading, Unread } from "../../live/live-account";
import type { Drift, DriftPlace } from "../drift";
import type { DriftContext } from "../drift-context";
import { placeIn } from "../place-in";
import { inStack } from "./in-stack";
import { templateDifferences } from "./template-differences";
import { readTemplateText, templateValue } from "./template-value";
import { unchecked } from "./unchecked";

/**
 * StackSets and CloudFormation stacks of Terraform's own: whether they are there, with the reviewed template.
 *
 * @param live StackSets by name, stacks as `regionalStack` names them
 */
export function compareTemplates(
  stack: SynthesizedStack,
  live: ReadonlyMap<string, Reading<LiveTemplate | undefined>>,
  context: DriftContext,
): Drift[] {
  const zone = { name: stack.metadata.zone ?? context.zone.name };
  const placeOf = ({ address }: Reviewed, region: string | undefined, resource: string): DriftPlace =>
    placeIn({ ...context, zone }, { stack: stack.name, address, region }, resource);
  return [
    ...stack.stackSets.flatMap((reviewed) =>
      compare(
        reviewed,
        live.get(reviewed.name),
        placeOf(reviewed, undefined, `StackSet ${reviewed.name}`),
        stackSetIds,
      ),
    ),
    ...stack.directStacks.flatMap((reviewed) =>
      compare(
        reviewed,
        live.get(regionalStack(reviewed.region, reviewed.name)),
        placeOf(reviewed, reviewed.region, `stack ${reviewed.name}`),
        stackIds,
      ),
    ),
  ];
}

const stackSetIds = { missing: "rollout-missing", changed: "rollout-changed" } as const;
const stackIds = { missing: "direct-stack-missing", changed: "direct-stack-changed" } as const;

type Ids = typeof stackSetIds | typeof stackIds;
type Reviewed = StackStackSet | StackDirectStack;

function compare(
  reviewed: Reviewed,
  reading: Reading<LiveTemplate | undefined> | undefined,
  place: DriftPlace,
  ids: Ids,
): Drift[] {
  if (reading === undefined) return [unchecked(place, ["template"], notAsked)];
  if ("unread" in reading) return [unchecked(place, ["template"], reading)];
  const live = reading.value;
  if (live === undefined || neverMade.has(live.status)) {
    const why =
      live === undefined
        ? `there is no such ${place.region === undefined ? "StackSet" : "stack"}`
        : `it is ${live.status}: nothing of it has been made`;
    const goneAlong = "instances" in reviewed ? inStack(place, reviewed.instances) : [];
    return [
      { id: ids.missing, place, detail: [], why: `${why}, and nothing that it brings is looked after`, goneAlong },
    ];
  }
  const { template } = live;
  if ("unread" in template) return [unchecked(place, ["template"], template)];
  return [...unfinished(live, place, ids), ...changed(reviewed, live, template.value, place, ids)];
}

const notAsked: Unread = { unread: "nobody has asked AWS about it", whatToDo: "run the command again" };
const unreadable: Unread = { unread: "its reviewed template cannot be read", whatToDo: "synthesize it again" };

/**
 * Stacks of which CloudFormation has made nothing, or has taken it back.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html, "Stack status codes"
 */
const neverMade: ReadonlySet<string> = new Set(["DELETE_COMPLETE", "REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE"]);

/** What failed on the way is as neither template has it. */
function unfinished(template: LiveTemplate, place: DriftPlace, ids: Ids): Drift[] {
  const { status } = template;
  if (!status.endsWith("_FAILED") && status !== "DELETE_IN_PROGRESS") return [];
  const why = `it is ${status}: what it has is not what its template says`;
  return [{ id: ids.changed, place, detail: ["status"], why, subject: { template } }];
}

function changed(reviewed: Reviewed, live: LiveTemplate, text: string, place: DriftPlace, ids: Ids): Drift[] {
  const { template } = reviewed;
  // A template that cannot be read is a finding of `readable`, and a stack without one is not compared with anything.
  if (template === undefined) return [unchecked(place, ["template"], unreadable)];
  const found = readTemplateText(text);
  if (found === undefined) {
    const why = "its template in AWS is neither JSON nor YAML that anybody can read here";
    return [{ id: ids.changed, place, detail: ["template"], why, subject: { template: live } }];
  }
  const before = fieldsOf(templateValue(template.body));
  const after = fieldsOf(found);
  const detail = [
    ...templateDifferences(before, after),
    ...parameterDifferences(template.parameters, live.parameters, before),
    ...autoDeploymentDifferences(reviewed, live),
  ];
  if (detail.length === 0) return [];
  const unretained = keysNotRetained(before, after);
  const loses: { severity?: Severity } = unretained.length === 0 ? {} : { severity: "critical" };
  const danger =
    unretained.length === 0 ? "" : `, and ${unretained.join(", ")} would be deleted together with the stack`;
  return [
    {
      id: ids.changed,
      place,
      detail,
      why: `what it has is not what was reviewed: ${listed(detail)}${danger}`,
      ...loses,
      subject: { template: live },
    },
  ];
}

const MOST_NAMED = 4;

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return more > 1 ? `${names.slice(0, MOST_NAMED).join(", ")} and ${more} more` : names.join(", ");
}

/** A parameter that the stack does not give has the template's own default. */
function parameterDifferences(
  reviewed: Readonly<Record<string, string>>,
  live: Readonly<Record<string, string>>,
  body: Readonly<Record<string, unknown>>,
): string[] {
  const declared = fieldsOf(body.Parameters);
  return [...new Set([...Object.keys(reviewed), ...Object.keys(live)])]
    .filter((name) => {
      const wanted = templateValue(reviewed[name] ?? fieldsOf(declared[name]).Default);
      const found = templateValue(live[name] ?? fieldsOf(declared[name]).Default);
      return wanted !== found && !/^\*+$/.test(live[name] ?? "");
    })
    .map((name) => `parameter ${name}`)
    .sort();
}

/** Accounts that join or leave an OU later are brought in, and keep what they have, by this alone. */
function autoDeploymentDifferences(reviewed: Reviewed, { autoDeployment: found }: LiveTemplate): string[] {
  if (!("autoDeployment" in reviewed) || reviewed.autoDeployment === undefined) return [];
  const { enabled, retains } = reviewed.autoDeployment;
  const live = found ?? { enabled: false, retains: false };
  if (enabled !== live.enabled) return ["automatic deployment"];
  return enabled && retains !== live.retains ? ["retention of stacks on account removal"] : [];
}

/** Keys that outlive their stack as reviewed, and not as it is. */
function keysNotRetained(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  const found = fieldsOf(after.Resources);
  return Object.entries(fieldsOf(before.Resources))
    .filter(([id, resource]) => {
      const { Type: type, DeletionPolicy: reviewed } = fieldsOf(resource);
      const isKey = type === "AWS::KMS::Key" || type === "AWS::KMS::ReplicaKey";
      return isKey && reviewed === "Retain" && id in found && fieldsOf(found[id]).DeletionPolicy !== "Retain";
    })
    .map(([id]) => id)
    .sort();
}
