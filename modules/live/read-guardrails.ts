import {
  DescribePolicyCommand,
  ListPoliciesCommand,
  ListTargetsForPolicyCommand,
  OrganizationsClient,
  PolicyNotFoundException,
  type PolicySummary,
} from "@aws-sdk/client-organizations";
import { nameOrder } from "../aws/name-order";
import { type ControlPolicyKind, controlPolicyTypes } from "../aws/organizations";
import { allPages } from "./all-pages";
import type { ClientSettings } from "./assume-role";
import { atMost } from "./at-most";
import type { CallBudget } from "./call-budget";
import { jsonText } from "./json-text";
import type { LiveGuardrail, Reading } from "./live-account";
import { known, readingOf, readingUnlessGone } from "./reading-of";

/** AWS Organizations throttles the whole organization together. */
const AT_ONCE = 2;

const kinds: readonly ControlPolicyKind[] = ["resource-control", "service-control"];

/**
 * The resource and service control policies of an organization that are among some names, as its management account has them.
 *
 * @param settings in the Region of AWS Organizations
 */
export async function readGuardrails(
  settings: ClientSettings,
  names: ReadonlySet<string>,
  budget: CallBudget,
): Promise<Reading<readonly LiveGuardrail[]>> {
  if (names.size === 0) return { value: [] };
  const client = new OrganizationsClient(settings);
  budget.attach(client);
  try {
    return await readingOf(async () => {
      const guardrails: LiveGuardrail[] = [];
      for (const kind of kinds) {
        const wanted = (await listPolicies(client, kind)).filter(
          ({ Name: name }) => name !== undefined && names.has(name),
        );
        const read = await atMost(AT_ONCE, wanted, (policy) => readGuardrail(client, kind, policy));
        guardrails.push(...read.filter((guardrail) => guardrail !== undefined));
      }
      return guardrails;
    });
  } finally {
    client.destroy();
  }
}

async function listPolicies(client: OrganizationsClient, kind: ControlPolicyKind): Promise<PolicySummary[]> {
  const Filter = kind === "resource-control" ? "RESOURCE_CONTROL_POLICY" : "SERVICE_CONTROL_POLICY";
  const all = await allPages(`policies of type ${controlPolicyTypes[kind]}`, async (NextToken) => {
    const { Policies: items, NextToken: next } = await client.send(new ListPoliciesCommand({ Filter, NextToken }));
    return { items, next };
  });
  // AWS's own, as FullAWSAccess, are nobody's to write.
  return all.filter(({ AwsManaged: ofAws }) => ofAws !== true);
}

/** @returns undefined for one that has been deleted since it was listed */
async function readGuardrail(
  client: OrganizationsClient,
  kind: ControlPolicyKind,
  { Id, Name }: PolicySummary,
): Promise<LiveGuardrail | undefined> {
  const name = known(Name, "a policy without its name");
  const PolicyId = known(Id, `policy ${name} without its id`);
  const document = await readingUnlessGone(isGone, async () => {
    const { Policy: policy } = await client.send(new DescribePolicyCommand({ PolicyId }));
    return jsonText(known(policy?.Content, `policy ${name} without its content`), `policy ${name}`);
  });
  const targets = await readingUnlessGone(isGone, async () => {
    const found = await allPages(`targets of policy ${name}`, async (NextToken) => {
      const { Targets: items, NextToken: next } = await client.send(
        new ListTargetsForPolicyCommand({ PolicyId, NextToken }),
      );
      return { items, next };
    });
    return found.map(({ TargetId: id }) => known(id, `a target of policy ${name} without its id`)).sort(nameOrder);
  });
  return document === undefined || targets === undefined ? undefined : { id: PolicyId, name, kind, document, targets };
}

function isGone(error: unknown): boolean {
  return error instanceof PolicyNotFoundException;
}
