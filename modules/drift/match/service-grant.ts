import type { ZoneBoundary } from "../../access/zone-boundary";
import { isAccountId } from "../../aws/account-id";
import { partitionOfRegion } from "../../aws/partition";
import type { LiveGrant } from "../../live/live-account";

/** What ListGrants has in the place of a principal that AWS does not name. */
const unnamed = "AWS Internal";

/**
 * Whether an AWS service made a grant for itself, on behalf of somebody in the zone, and takes it back.
 *
 * ListGrants does not say who asked for a grant. What a service makes differs in what it names: a service as retiring principal,
 * where CreateGrant takes ARNs alone from everybody else (or notes a service in a field of its own), and a grantee that only AWS can
 * be. Whatever lacks a part of it is somebody's, who may have meant it to look like one: a script that makes the grants of EC2 by
 * hand leaves the retiring principal out. So is a grant for the resources of an account outside of the zone.
 *
 * Sources: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html,
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html and, for grants as services make them,
 * https://docs.aws.amazon.com/kms/latest/developerguide/determining-access-grants.html (EC2),
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html,
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/kms-encryption-at-rest.html and
 * https://docs.aws.amazon.com/healthimaging/latest/devguide/data-encryption.html (`AWS Internal`)
 *
 * @param region of the key
 */
export function isServiceGrant(grant: LiveGrant, region: string, zone: ZoneBoundary): boolean {
  if (grant.namesService) return false;
  const service = serviceOf(grant.retiring, region);
  if (service === undefined) return false;
  const isOurs = (accountId: string): boolean => zone.accounts.has(accountId);
  const issuer = accountOf(grant.issuingAccount ?? "", zone.partition);
  // A grant that a service made out of its own has no account of ours to show: nobody else can be its issuer.
  const isIssued = issuer === undefined ? serviceOf(grant.issuingAccount, region) === service : isOurs(issuer);
  if (!isIssued || !namedAccounts(grant).every(isOurs)) return false;
  return (
    grant.grantee === unnamed ||
    serviceOf(grant.grantee, region) === service ||
    isInfrastructureOfEc2(grant, service, zone) ||
    isServiceLinkedRole(grant.grantee, service, zone)
  );
}

/** Whether AWS itself, and nobody with credentials, is the grantee. */
export function isForService({ grantee }: LiveGrant): boolean {
  return grantee === unnamed || /\.amazonaws\.com(\.cn)?$/.test(grantee);
}

/** The accounts whose resources a grant is for, as far as its constraints say. */
export function namedAccounts({ equals, subset, sourceArn }: LiveGrant): string[] {
  const values = [...Object.values(equals ?? {}), ...Object.values(subset ?? {}), sourceArn ?? ""];
  return values.flatMap((value) => {
    const account = value.startsWith("arn:") ? (value.split(":")[4] ?? "") : value;
    return isAccountId(account) ? [account] : [];
  });
}

/**
 * The session in which EC2 decrypts the data keys of one instance's volumes; no role that people make has a colon in its name.
 *
 * Sources: https://docs.aws.amazon.com/kms/latest/developerguide/determining-access-grants.html and
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html#API_CreateRole_RequestParameters
 */
function isInfrastructureOfEc2(grant: LiveGrant, service: string, zone: ZoneBoundary): boolean {
  const match = /^arn:([a-z-]+):sts::(\d{12}):assumed-role\/aws:ec2-infrastructure\/i-[0-9a-f]+$/.exec(grant.grantee);
  const [volume, ...others] = Object.entries(grant.subset ?? {});
  return (
    match?.[1] === zone.partition &&
    zone.accounts.has(match[2] ?? "") &&
    service === "ec2" &&
    grant.operations.join() === "Decrypt" &&
    grant.equals === undefined &&
    volume?.[0] === "aws:ebs:id" &&
    /^vol-[0-9a-f]+$/.test(volume[1]) &&
    others.length === 0
  );
}

/**
 * IAM makes roles below this path for the linked service alone, and lets nobody else assume them.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
 */
function isServiceLinkedRole(grantee: string, service: string, zone: ZoneBoundary): boolean {
  const pattern = /^arn:([a-z-]+):iam::(\d{12}):role\/aws-service-role\/([a-z0-9.-]+)\/AWSServiceRoleFor[\w+=,.@-]*$/;
  const match = pattern.exec(grantee);
  return match?.[1] === zone.partition && zone.accounts.has(match[2] ?? "") && serviceOf(match[3], "") === service;
}

/**
 * `dynamodb` of `dynamodb.us-west-2.amazonaws.com`; undefined for what is no service's name, and for one of another Region.
 */
function serviceOf(principal: string | undefined, region: string): string | undefined {
  const name = /^([a-z0-9-]+(?:\.[a-z0-9-]+)*)\.amazonaws\.com(?:\.cn)?$/.exec(principal ?? "")?.[1];
  if (name === undefined) return undefined;
  const labels = name.split(".");
  const last = labels.at(-1) ?? "";
  if (partitionOfRegion(last) === undefined) return name;
  return last === region && labels.length > 1 ? labels.slice(0, -1).join(".") : undefined;
}

/** Of an account's ARN, or of an id alone: the documentation has both. */
function accountOf(issuer: string, partition: string): string | undefined {
  if (isAccountId(issuer)) return issuer;
  const match = /^arn:([a-z-]+):iam::(\d{12}):root$/.exec(issuer);
  return match?.[1] === partition ? match[2] : undefined;
}
