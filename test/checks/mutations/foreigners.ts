import { runUnsafeSimulation } from "@cloud-copilot/iam-simulate";
import type { Json } from "../sample-output";
import type { SampleKey } from "./sample-keys";

/** Somebody outside a zone, with what AWS says of a request by them. */
export interface Foreigner {
  readonly name: string;
  /** A session's ARN, a user's, or an AWS service's name. */
  readonly principal: string;
  /** Undefined for a service: whom it acts for is in its context. */
  readonly accountId: string | undefined;
  /** The account that a service acts for. */
  readonly sourceAccountId?: string;
  readonly context: Readonly<Record<string, string | string[]>>;
}

interface Place {
  readonly id: string;
  readonly path: string;
}

const commercial = (ou: string): Place => ({ id: "o-a1b2c3d4e5", path: `o-a1b2c3d4e5/r-ab12/${ou}/` });
const otherOrganization: Place = { id: "o-zzzzzzzzzz", path: "o-zzzzzzzzzz/r-zz99/ou-zz99-10000000/" };

/** A few of each kind, so that whatever the zone, most of them are outside. */
export const foreigners: readonly Foreigner[] = [
  role("320000000002", "web", commercial("ou-ab12-30000000/ou-ab12-32000000")),
  role("310000000002", "web", commercial("ou-ab12-30000000/ou-ab12-31000000")),
  role("210000000001", "web", commercial("ou-ab12-20000000/ou-ab12-21000000")),
  role("100000000001", "OrgKeysDeploy", { id: "o-a1b2c3d4e5", path: "o-a1b2c3d4e5/r-ab12/" }),
  // In an OU of which the map says nothing, beside PCI's and with an id that begins alike.
  role("777777777777", "neighbour", commercial("ou-ab12-30000000/ou-ab12-31900000")),
  role("888888888888", "payments-api", otherOrganization),
  role("999999999999", "app", undefined),
  {
    ...role("320000000002", "anna", commercial("ou-ab12-30000000/ou-ab12-32000000")),
    name: "user anna of 320000000002",
    principal: "arn:aws:iam::320000000002:user/anna",
    context: {
      ...role("320000000002", "anna", commercial("ou-ab12-30000000/ou-ab12-32000000")).context,
      "aws:PrincipalArn": "arn:aws:iam::320000000002:user/anna",
      "aws:PrincipalType": "User",
    },
  },
  service("sns.amazonaws.com", "320000000002", commercial("ou-ab12-30000000/ou-ab12-32000000")),
  service("sns.amazonaws.com", "210000000001", commercial("ou-ab12-20000000/ou-ab12-21000000")),
  service("sns.amazonaws.com", "888888888888", otherOrganization),
  service("sns.amazonaws.com", undefined, undefined),
  service("logs.us-east-1.amazonaws.com", "888888888888", otherOrganization),
];

function role(accountId: string, name: string, place: Place | undefined): Foreigner {
  return {
    name: `role ${name} of ${accountId}`,
    principal: `arn:aws:sts::${accountId}:assumed-role/${name}/session`,
    accountId,
    context: {
      "aws:PrincipalAccount": accountId,
      "aws:PrincipalArn": `arn:aws:iam::${accountId}:role/${name}`,
      "aws:PrincipalType": "AssumedRole",
      "aws:PrincipalIsAWSService": "false",
      "kms:CallerAccount": accountId,
      ...(place === undefined ? {} : { "aws:PrincipalOrgID": place.id, "aws:PrincipalOrgPaths": [place.path] }),
    },
  };
}

function service(name: string, sourceAccountId: string | undefined, place: Place | undefined): Foreigner {
  const short = name.split(".")[0];
  const arn = `arn:aws:${short}:us-east-1:${sourceAccountId}:payments`;
  return {
    name: `${name} for ${sourceAccountId ?? "nobody knows whom"}`,
    principal: name,
    accountId: undefined,
    ...(sourceAccountId === undefined ? {} : { sourceAccountId }),
    context: {
      "aws:PrincipalIsAWSService": "true",
      "aws:PrincipalServiceName": name,
      ...(sourceAccountId === undefined
        ? {}
        : { "aws:SourceAccount": sourceAccountId, "aws:SourceArn": arn, "kms:EncryptionContext:aws:logs:arn": arn }),
      ...(place === undefined ? {} : { "aws:SourceOrgID": place.id, "aws:SourceOrgPaths": [place.path] }),
    },
  };
}

/** What the rest of a request may say: everything that an attacker can choose, and nothing. */
const circumstances: readonly Readonly<Record<string, string | string[]>>[] = [
  {
    "aws:SourceIp": "203.0.113.5",
    "aws:SecureTransport": "true",
    "aws:MultiFactorAuthPresent": "true",
    "kms:ViaService": "s3.us-east-1.amazonaws.com",
    "kms:EncryptionContext:app": "payments",
    "aws:PrincipalTag/Zone": "pci",
  },
  {},
];

const unlimited = [
  {
    orgIdentifier: "root",
    policies: [
      {
        name: "FullAWSAccess",
        policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }] },
      },
    ],
  },
];

/** What an IAM policy can say at most: whoever is outside gives it to themselves. */
const everything = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "kms:*", Resource: "*" }] };

/**
 * The oracle: whether a key policy lets somebody do something in any of the circumstances. It shares no code with this
 * project.
 */
export function isLetIn(keyPolicy: Json, key: SampleKey, who: Foreigner, action: string): boolean {
  return circumstances.some((more) => {
    const verdict = runUnsafeSimulation(
      {
        request: {
          principal: who.principal,
          action,
          resource: { resource: key.arn, accountId: key.arn.split(":")[4] ?? "" },
          contextVariables: { ...more, ...who.context },
        },
        identityPolicies: [{ name: "everything", policy: everything }],
        resourcePolicy: {
          __validated: true,
          policyDocument: keyPolicy,
          metadata: { name: "key policy" },
          errors: [],
        },
        serviceControlPolicies: unlimited,
        resourceControlPolicies: unlimited,
      },
      {},
    );
    return verdict === "Allowed";
  });
}

/**
 * Whether somebody is outside a key's zone. A service is where the resources are that it acts for. An account that one map
 * does not know may be below an OU that is another map's zone.
 */
export function isOutside(who: Foreigner, key: SampleKey): boolean {
  const account = who.accountId ?? who.sourceAccountId;
  const below = [who.context["aws:PrincipalOrgPaths"], who.context["aws:SourceOrgPaths"]].flatMap((path) => path ?? []);
  if (below.some((path) => key.zonePaths.some((zonePath) => path.startsWith(zonePath)))) return false;
  return account === undefined || key.partition !== "aws" || !key.zoneAccounts.has(account);
}
