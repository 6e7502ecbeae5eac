import { type EvaluationCase, keyOf, other, owner } from "../decide";
import { anything, crypto, foreignRole, from, kms, named, role, root } from "./common";

/** A key policy gives the account's IAM the say, or names principals, or both. */
export const sameAccount: readonly EvaluationCase[] = from(`${kms}/key-policy-default.html`, [
  {
    name: "a statement for the account alone gives a user nothing",
    principal: `arn:aws:iam::${owner}:user/alice`,
    action: "kms:Decrypt",
    keyPolicy: root(owner),
    expected: "denied",
  },
  {
    name: "a statement for the account makes an IAM policy count",
    principal: `arn:aws:iam::${owner}:user/alice`,
    action: "kms:Decrypt",
    keyPolicy: root(owner),
    identity: [anything],
    expected: "allowed",
  },
  {
    name: "IAM policies that are not known may allow it",
    principal: `arn:aws:iam::${owner}:user/alice`,
    action: "kms:Decrypt",
    keyPolicy: root(owner),
    identityComplete: false,
    expected: "unknown",
  },
  {
    name: "without a statement for the account no IAM policy counts",
    principal: role,
    action: "kms:Decrypt",
    keyPolicy: named(`arn:aws:iam::${owner}:role/Other`, "kms:*"),
    identity: [anything],
    expected: "denied",
  },
  {
    name: "to be named in the key policy is enough",
    principal: role,
    action: "kms:Decrypt",
    keyPolicy: named(role, crypto),
    expected: "allowed",
  },
  {
    name: "a role's session is the role",
    principal: `arn:aws:sts::${owner}:assumed-role/ExampleRole/session`,
    action: "kms:GenerateDataKeyWithoutPlaintext",
    keyPolicy: named(role, crypto),
    expected: "allowed",
  },
  {
    name: "the statement for the account gives the root user access",
    principal: `arn:aws:iam::${owner}:root`,
    action: "kms:PutKeyPolicy",
    keyPolicy: root(owner),
    expected: "allowed",
  },
  {
    name: "not even the root user has access that the key policy does not give",
    principal: `arn:aws:iam::${owner}:root`,
    action: "kms:PutKeyPolicy",
    keyPolicy: named(role, "kms:*"),
    expected: "denied",
  },
  {
    name: "an account id means the account's root",
    principal: role,
    action: "kms:Decrypt",
    keyPolicy: named(owner, "kms:*"),
    identity: [{ Effect: "Allow", Action: "kms:Decrypt", Resource: keyOf(owner) }],
    expected: "allowed",
  },
]);

export const crossAccount: readonly EvaluationCase[] = [
  ...from(`${kms}/key-policy-modifying-external-accounts.html`, [
    {
      name: "the owner's half alone is not enough, even when it names the role",
      principal: foreignRole,
      action: "kms:Decrypt",
      keyPolicy: named(foreignRole, crypto),
      expected: "denied",
    },
    {
      name: "the user's half alone is not enough",
      principal: foreignRole,
      action: "kms:Decrypt",
      keyPolicy: root(owner),
      identity: [anything],
      expected: "denied",
    },
    {
      name: "both halves together are enough",
      principal: foreignRole,
      action: "kms:Decrypt",
      keyPolicy: [root(owner), named(`arn:aws:iam::${other}:root`, crypto)],
      identity: [{ Effect: "Allow", Action: crypto, Resource: keyOf(owner) }],
      expected: "allowed",
    },
    {
      name: "the root user of the other account needs no IAM policy",
      principal: `arn:aws:iam::${other}:root`,
      action: "kms:Decrypt",
      keyPolicy: named(`arn:aws:iam::${other}:root`, crypto),
      expected: "allowed",
    },
    {
      name: "operations that do not work across accounts have no effect",
      principal: foreignRole,
      action: "kms:ScheduleKeyDeletion",
      keyPolicy: named(foreignRole, "kms:*"),
      identity: [anything],
      expected: "denied",
    },
    {
      name: "everybody still needs the user's half in another account",
      principal: foreignRole,
      action: "kms:Decrypt",
      keyPolicy: { Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" },
      expected: "denied",
    },
  ]),
  ...from(`${kms}/policy-evaluation.html#example-cross-acct`, [
    {
      name: "the Engineering role of account 1 decrypts with the key of account 2",
      principal: `arn:aws:sts::${owner}:assumed-role/Engineering/bob`,
      action: "kms:Decrypt",
      keyAccount: other,
      keyPolicy: [root(other), named(`arn:aws:iam::${owner}:root`, crypto)],
      identity: [{ Effect: "Allow", Action: crypto, Resource: [keyOf(other)] }],
      expected: "allowed",
    },
    {
      name: "an IAM policy that names another key does not help",
      principal: `arn:aws:sts::${owner}:assumed-role/Engineering/bob`,
      action: "kms:Decrypt",
      keyAccount: other,
      keyPolicy: [root(other), named(`arn:aws:iam::${owner}:root`, crypto)],
      identity: [{ Effect: "Allow", Action: crypto, Resource: "arn:aws:kms:us-east-1:444455556666:key/*" }],
      expected: "denied",
    },
  ]),
];
