import {
  type CallAs,
  CloudFormationClient,
  DescribeStackSetCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  type Parameter,
  StackSetNotFoundException,
} from "@aws-sdk/client-cloudformation";
import { regionalStack } from "../aws/regional-stack";
import type { ClientSettings } from "./assume-role";
import { atMost } from "./at-most";
import { describeError } from "./aws-error";
import type { CallBudget } from "./call-budget";
import type { LiveTemplate, Reading } from "./live-account";
import { known, readingOf, readingUnlessGone } from "./reading-of";

/** CloudFormation throttles each account and Region by itself. */
const AT_ONCE = 4;

type Templates = ReadonlyMap<string, Reading<LiveTemplate | undefined>>;

/** StackSets by name; one that is not there is undefined. */
export function readStackSetTemplates(
  settings: ClientSettings,
  callAs: CallAs,
  names: readonly string[],
  budget: CallBudget,
): Promise<Templates> {
  return readEach(settings, names, budget, (client, name) => readStackSet(client, callAs, name));
}

/** CloudFormation stacks of one Region, as `regionalStack` names them; one that is not there is undefined. */
export async function readStackTemplates(
  settings: ClientSettings,
  names: readonly string[],
  budget: CallBudget,
): Promise<Templates> {
  const read = await readEach(settings, names, budget, readStack);
  return new Map([...read].map(([name, reading]) => [regionalStack(settings.region, name), reading]));
}

/** One that cannot be read keeps nothing back of the others. */
async function readEach(
  settings: ClientSettings,
  names: readonly string[],
  budget: CallBudget,
  read: (client: CloudFormationClient, name: string) => Promise<LiveTemplate | undefined>,
): Promise<Templates> {
  if (names.length === 0) return new Map();
  const client = new CloudFormationClient(settings);
  budget.attach(client);
  try {
    const readings = await atMost(AT_ONCE, [...new Set(names)], async (name) => {
      return [name, await readingOf(() => read(client, name))] as const;
    });
    return new Map(readings);
  } finally {
    client.destroy();
  }
}

async function readStackSet(
  client: CloudFormationClient,
  CallAs: CallAs,
  StackSetName: string,
): Promise<LiveTemplate | undefined> {
  try {
    const { StackSet: found } = await client.send(new DescribeStackSetCommand({ StackSetName, CallAs }));
    const status = known(found?.Status, `StackSet ${StackSetName} without its status`);
    if (status === "DELETED") return undefined;
    const { Enabled: enabled = false, RetainStacksOnAccountRemoval: retains = false } = found?.AutoDeployment ?? {};
    return {
      name: StackSetName,
      status,
      template: { value: known(found?.TemplateBody, `StackSet ${StackSetName} without its template`) },
      parameters: parametersOf(found?.Parameters),
      autoDeployment: found?.AutoDeployment === undefined ? undefined : { enabled, retains },
    };
  } catch (error) {
    if (error instanceof StackSetNotFoundException) return undefined;
    throw error;
  }
}

/** A stack by its name is one that is there: those that are deleted go by their ids alone. */
async function readStack(client: CloudFormationClient, StackName: string): Promise<LiveTemplate | undefined> {
  try {
    const { Stacks: stacks } = await client.send(new DescribeStacksCommand({ StackName }));
    const found = known(stacks?.[0], `nothing about stack ${StackName}`);
    const status = known(found.StackStatus, `stack ${StackName} without its status`);
    if (status === "DELETE_COMPLETE") return undefined;
    const template = await readingUnlessGone(isNoStack, async () => {
      const { TemplateBody: body } = await client.send(
        new GetTemplateCommand({ StackName, TemplateStage: "Original" }),
      );
      return known(body === "" ? undefined : body, `stack ${StackName} without its template`);
    });
    const parameters = parametersOf(found.Parameters);
    return template === undefined
      ? undefined
      : { name: StackName, status, template, parameters, autoDeployment: undefined };
  } catch (error) {
    if (isNoStack(error)) return undefined;
    throw error;
  }
}

/**
 * CloudFormation has no code of its own for it.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html, "Errors"
 */
function isNoStack(error: unknown): boolean {
  const { name, text } = describeError(error);
  return name === "ValidationError" && text.includes("does not exist");
}

function parametersOf(parameters: readonly Parameter[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(
    parameters.map(({ ParameterKey: name, ParameterValue: value }) => [
      known(name, "a parameter without its name"),
      known(value, `parameter ${name} without its value`),
    ]),
  );
}
