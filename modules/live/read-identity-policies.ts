import {
  GetPolicyVersionCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  NoSuchEntityException,
  type Policy,
} from "@aws-sdk/client-iam";
import { nameOrder } from "../aws/name-order";
import { allPages } from "./all-pages";
import type { ClientSettings } from "./assume-role";
import { atMost } from "./at-most";
import type { CallBudget } from "./call-budget";
import { jsonText } from "./json-text";
import type { LiveIdentityPolicy, Reading } from "./live-account";
import { known, readingOf, readingUnlessGone } from "./reading-of";

/** IAM throttles each account by itself, and low. */
const AT_ONCE = 4;

/**
 * The customer managed policies of an account that are called `/orgkeys/orgkeys-…`, as consumer policies are: no others are kept for
 * orgkeys, and the audit role reads no others.
 */
export async function readIdentityPolicies(
  settings: ClientSettings,
  budget: CallBudget,
): Promise<Reading<readonly LiveIdentityPolicy[]>> {
  const client = new IAMClient(settings);
  budget.attach(client);
  try {
    return await readingOf(async () => {
      const listed = await listPolicies(client);
      const read = await atMost(AT_ONCE, listed, (policy) => readPolicy(client, policy));
      return read.filter((policy) => policy !== undefined);
    });
  } finally {
    client.destroy();
  }
}

function listPolicies(client: IAMClient): Promise<Policy[]> {
  return allPages("policies", async (Marker) => {
    const page = await client.send(new ListPoliciesCommand({ Scope: "Local", PathPrefix: "/orgkeys/", Marker }));
    const { Policies: policies, IsTruncated: more } = page;
    const next = more === true ? known(page.Marker, "a page of policies that leads to no other") : undefined;
    return { items: policies?.filter((each) => (each.PolicyName ?? "orgkeys-").startsWith("orgkeys-")), next };
  });
}

/** @returns undefined for one that has been deleted since it was listed */
async function readPolicy(client: IAMClient, listed: Policy): Promise<LiveIdentityPolicy | undefined> {
  const name = known(listed.PolicyName, "a policy without its name");
  const arn = known(listed.Arn, `policy ${name} without its ARN`);
  const path = known(listed.Path, `policy ${name} without its path`);
  const document = await readingUnlessGone(isGone, () => readDocument(client, name, arn, listed.DefaultVersionId));
  const attachedTo = await readingUnlessGone(isGone, () => listAttachments(client, name, arn));
  return document === undefined || attachedTo === undefined ? undefined : { arn, name, path, document, attachedTo };
}

function isGone(error: unknown): boolean {
  return error instanceof NoSuchEntityException;
}

/** IAM hands documents out percent-encoded: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyVersion.html */
async function readDocument(
  client: IAMClient,
  name: string,
  PolicyArn: string,
  version: string | undefined,
): Promise<string> {
  const VersionId = known(version, `policy ${name} without its version`);
  const { PolicyVersion: found } = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  const document = known(found?.Document, `policy ${name} without its document`);
  return jsonText(decodeURIComponent(document), `the document of policy ${name}`);
}

/** Whom it only bounds, it gives nothing. */
async function listAttachments(client: IAMClient, name: string, PolicyArn: string): Promise<readonly string[]> {
  const found = await allPages(`those with policy ${name}`, async (Marker) => {
    const page = await client.send(
      new ListEntitiesForPolicyCommand({ PolicyArn, PolicyUsageFilter: "PermissionsPolicy", Marker }),
    );
    const { PolicyGroups: groups, PolicyRoles: roles, PolicyUsers: users, IsTruncated: more } = page;
    if (groups === undefined || roles === undefined || users === undefined)
      return { items: undefined, next: undefined };
    const named = (kind: string, each: string | undefined): string =>
      `${kind}/${known(each, `a ${kind} without its name`)}`;
    return {
      items: [
        ...groups.map(({ GroupName }) => named("group", GroupName)),
        ...roles.map(({ RoleName }) => named("role", RoleName)),
        ...users.map(({ UserName }) => named("user", UserName)),
      ],
      next: more === true ? known(page.Marker, "a page of attachments that leads to no other") : undefined,
    };
  });
  return found.sort(nameOrder);
}
