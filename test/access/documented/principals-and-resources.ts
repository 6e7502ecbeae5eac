import { type EvaluationCase, keyOf, other, owner } from "../decide";
import type { Json } from "../oracle/policy-cases";
import { anything, crypto, foreignRole, from, iam, named, role, root } from "./common";

const notMe = (...AWS: string[]): Json => ({ Effect: "Deny", NotPrincipal: { AWS }, Action: "kms:*", Resource: "*" });
export const principals: readonly EvaluationCase[] = [
  ...from(`${iam}/reference_policies_elements_notprincipal.html`, [
    {
      name: "a Deny for everybody but others",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: [named(role, crypto), notMe(`arn:aws:iam::${other}:user/Bob`, `arn:aws:iam::${other}:root`)],
      expected: "denied",
    },
    {
      name: "a user who is listed together with its account",
      principal: `arn:aws:iam::${owner}:user/Bob`,
      action: "kms:Decrypt",
      keyPolicy: [
        named(`arn:aws:iam::${owner}:user/Bob`, crypto),
        notMe(`arn:aws:iam::${owner}:user/Bob`, `arn:aws:iam::${owner}:root`),
      ],
      expected: "allowed",
    },
    {
      name: "a user who is listed without its account might be denied",
      principal: `arn:aws:iam::${owner}:user/Bob`,
      action: "kms:Decrypt",
      keyPolicy: [named(`arn:aws:iam::${owner}:user/Bob`, crypto), notMe(`arn:aws:iam::${owner}:user/Bob`)],
      expected: "unknown",
    },
    {
      name: "a session whose role is listed, and which is not, might be denied",
      principal: `arn:aws:sts::${owner}:assumed-role/ExampleRole/one`,
      action: "kms:Decrypt",
      keyPolicy: [named(role, crypto), notMe(role, `arn:aws:iam::${owner}:root`)],
      expected: "unknown",
    },
    {
      name: "an Allow for everybody but others is an Allow for everybody else",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: { Effect: "Allow", NotPrincipal: { AWS: foreignRole }, Action: "kms:*", Resource: "*" },
      expected: "allowed",
    },
  ]),
  ...from(`${iam}/reference_policies_elements_principal.html`, [
    {
      name: "a Deny for an account holds for all of its principals",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: [
        named(role, crypto),
        { Effect: "Deny", Principal: { AWS: owner }, Action: "kms:Decrypt", Resource: "*" },
      ],
      expected: "denied",
    },
    {
      name: "a session is only that session",
      principal: `arn:aws:sts::${owner}:assumed-role/ExampleRole/two`,
      action: "kms:Decrypt",
      keyPolicy: named(`arn:aws:sts::${owner}:assumed-role/ExampleRole/one`, crypto),
      expected: "denied",
    },
    {
      name: "a role may be used in the session that is named, or in another",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: named(`arn:aws:sts::${owner}:assumed-role/ExampleRole/one`, crypto),
      expected: "unknown",
    },
    {
      name: "the unique id of a deleted role is not its successor",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: named("AROA4KJY2TU23Y7NK62MV", crypto),
      context: { "aws:userid": ["AROAZZZZZZZZZZZZZZZZZ:session"] },
      expected: "denied",
    },
    {
      name: "the unique id of a role may be that of an unknown one",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: named("AROA4KJY2TU23Y7NK62MV", crypto),
      unlisted: "unknown",
      expected: "unknown",
    },
    {
      name: "an identity provider's session",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: {
        Effect: "Allow",
        Principal: { Federated: `arn:aws:iam::${owner}:saml-provider/idp` },
        Action: "kms:*",
        Resource: "*",
      },
      context: { "aws:FederatedProvider": [`arn:aws:iam::${owner}:saml-provider/idp`] },
      expected: "allowed",
    },
    {
      name: "a service under its regional name may be the same service",
      principal: "logs.us-west-2.amazonaws.com",
      action: "kms:Decrypt",
      keyPolicy: { Effect: "Allow", Principal: { Service: "logs.amazonaws.com" }, Action: "kms:*", Resource: "*" },
      unlisted: "unknown",
      expected: "unknown",
    },
    {
      name: "a principal of another partition is somebody else, whatever its account's number",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: named(`arn:aws-us-gov:iam::${owner}:root`, "kms:*"),
      identity: [anything],
      expected: "denied",
    },
    {
      name: "an ARN with a wildcard is nobody that AWS would say",
      principal: role,
      action: "kms:Decrypt",
      keyPolicy: named(`arn:aws:iam::${owner}:role/*`, "kms:*"),
      expected: "unknown",
    },
  ]),
];

export const resources: readonly EvaluationCase[] = from(`${iam}/reference_policies_elements_resource.html`, [
  {
    name: "a wildcard for the Region and for the key's id",
    principal: role,
    action: "kms:Decrypt",
    keyPolicy: root(owner),
    identity: [{ Effect: "Allow", Action: "kms:*", Resource: `arn:aws:kms:*:${owner}:key/*` }],
    expected: "allowed",
  },
  {
    name: "a wildcard that would have to reach over a colon",
    principal: role,
    action: "kms:Decrypt",
    keyPolicy: root(owner),
    identity: [{ Effect: "Allow", Action: "kms:*", Resource: `arn:aws:kms:*:key/*` }],
    expected: "unknown",
  },
  {
    name: "a Deny for all resources but the key of another account",
    principal: role,
    action: "kms:Decrypt",
    keyPolicy: named(role, crypto),
    identity: [{ Effect: "Deny", Action: "kms:*", NotResource: keyOf(other) }],
    expected: "denied",
  },
  {
    name: "a Deny for all resources but this key",
    principal: role,
    action: "kms:Decrypt",
    keyPolicy: named(role, crypto),
    identity: [{ Effect: "Deny", Action: "kms:*", NotResource: keyOf(owner) }],
    expected: "allowed",
  },
  {
    name: "a variable in the account's place of an ARN",
    principal: role,
    action: "kms:Decrypt",
    keyPolicy: root(owner),
    identity: [{ Effect: "Allow", Action: "kms:*", Resource: "arn:aws:kms:us-west-2:${aws:PrincipalAccount}:key/*" }],
    context: { "aws:PrincipalAccount": [owner] },
    expected: "unknown",
  },
  {
    name: "a key policy that names another key",
    principal: role,
    action: "kms:Decrypt",
    keyPolicy: { Effect: "Allow", Principal: { AWS: role }, Action: "kms:*", Resource: keyOf(other) },
    expected: "denied",
  },
]);
