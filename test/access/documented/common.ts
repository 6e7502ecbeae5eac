import { type EvaluationCase, other, owner } from "../decide";
import type { Json } from "../oracle/policy-cases";

export const iam = "https://docs.aws.amazon.com/IAM/latest/UserGuide";
export const kms = "https://docs.aws.amazon.com/kms/latest/developerguide";
export const organizations = "https://docs.aws.amazon.com/organizations/latest/userguide";

export const role = `arn:aws:iam::${owner}:role/ExampleRole`;
export const foreignRole = `arn:aws:iam::${other}:role/Engineering`;
export const root = (account: string): Json => ({
  Sid: "Enable IAM policies",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: "kms:*",
  Resource: "*",
});
export const anything: Json = { Effect: "Allow", Action: "*", Resource: "*" };
export const named = (principal: string, Action: Json, Condition?: Json): Json => ({
  Effect: "Allow",
  Principal: { AWS: principal },
  Action,
  Resource: "*",
  ...(Condition === undefined ? {} : { Condition }),
});

export type Group = readonly Omit<EvaluationCase, "source">[];
export const from = (source: string, group: Group): EvaluationCase[] => group.map((row) => ({ source, ...row }));

export const crypto = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];
