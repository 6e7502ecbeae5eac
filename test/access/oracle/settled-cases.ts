import { type Json, owner, type PolicyCase } from "./policy-cases";

/** A case in which the oracle says otherwise, and AWS's documentation decides. The generator leaves these out. */
export interface SettledCase {
  readonly name: string;
  readonly source: string;
  /** What it says there, in short. */
  readonly rule: string;
  readonly given: PolicyCase;
  readonly expected: "allowed" | "denied" | "unknown";
}

const iam = "https://docs.aws.amazon.com/IAM/latest/UserGuide";
const app = `arn:aws:iam::${owner}:role/app`;
const everything: Json = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } };

const named = (condition: Json, version = "2012-10-17"): Json => ({
  Version: version,
  Statement: { Effect: "Allow", Principal: { AWS: app }, Action: "kms:*", Resource: "*", Condition: condition },
});

const asked = (part: Partial<PolicyCase>): PolicyCase => ({
  principal: app,
  action: "kms:Decrypt",
  context: {},
  keyPolicy: named({}),
  identityPolicies: [],
  serviceControl: [],
  resourceControl: [],
  ...part,
});

export const settledCases: readonly SettledCase[] = [
  {
    name: "an account of another partition is another account",
    source: `${iam}/reference-arns.html`,
    rule: "Each AWS account is scoped to one partition.",
    given: asked({
      keyPolicy: {
        Version: "2012-10-17",
        Statement: {
          Effect: "Allow",
          Principal: { AWS: `arn:aws-us-gov:iam::${owner}:root` },
          Action: "kms:*",
          Resource: "*",
        },
      },
      identityPolicies: [everything],
    }),
    expected: "denied",
  },
  {
    name: "an inverted operator matches a variable without a value",
    source: `${iam}/reference_policies_variables.html#policy-vars-no-value`,
    rule: "Inverted condition operators like StringNotEquals or StringNotLike do match against a null value.",
    given: asked({
      keyPolicy: named({ StringNotEqualsIgnoreCase: { "aws:PrincipalTag/team": ["${aws:PrincipalTag/app}*"] } }),
      context: { "aws:PrincipalTag/team": "payments" },
    }),
    expected: "allowed",
  },
  {
    name: "an inverted operator over a set of values and a variable without a value",
    source: `${iam}/reference_policies_variables.html#policy-vars-no-value`,
    rule: "It does not speak of sets of values, so nobody knows.",
    given: asked({
      keyPolicy: named({ "ForAnyValue:StringNotLike": { "aws:PrincipalTag/team": "${aws:PrincipalTag/app}*" } }),
      context: { "aws:PrincipalTag/team": "payments" },
    }),
    expected: "unknown",
  },
  {
    name: "NotResource with a variable without a value",
    source: `${iam}/reference_policies_variables.html#policy-vars-no-value`,
    rule: "The resource with the variable matches nothing; whether the statement then means everything, it does not say.",
    given: asked({
      keyPolicy: named({}),
      resourceControl: [
        [
          {
            Version: "2012-10-17",
            Statement: {
              Effect: "Deny",
              Principal: "*",
              Action: "kms:*",
              NotResource: `arn:aws:kms:us-east-1:${owner}:key/\${aws:PrincipalTag/key}`,
            },
          },
        ],
      ],
    }),
    expected: "unknown",
  },
  {
    name: "variables are text in version 2008-10-17",
    source: `${iam}/reference_policies_elements_version.html`,
    rule: "In the older version, ${aws:username} is a literal string.",
    given: asked({
      keyPolicy: named({ StringEquals: { "aws:PrincipalTag/team": "${aws:PrincipalTag/app}" } }, "2008-10-17"),
      context: { "aws:PrincipalTag/team": "payments", "aws:PrincipalTag/app": "payments" },
    }),
    expected: "denied",
  },
  {
    name: "an asterisk from ${*} is an asterisk to operators without wildcards",
    source: `${iam}/reference_policies_variables.html#policy-vars-specialchars`,
    rule: "These predefined policy variables can be used in any string where you can use regular policy variables.",
    given: asked({
      keyPolicy: named({ StringEquals: { "aws:PrincipalTag/app": "${*}" } }),
      context: { "aws:PrincipalTag/app": "*" },
    }),
    expected: "allowed",
  },
  {
    name: "a variable in the middle of an ARN",
    source: `${iam}/reference_policies_variables.html#policy-vars-wheretouse`,
    rule: "Variables work with string operators and with ARN operators.",
    given: asked({
      keyPolicy: named({ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::${aws:PrincipalAccount}:role/app" } }),
      context: { "aws:PrincipalArn": app, "aws:PrincipalAccount": owner },
    }),
    expected: "allowed",
  },
  {
    name: "no IPv6 address is in an IPv4 range, so NotIpAddress holds",
    source: "https://docs.aws.amazon.com/privateca/latest/userguide/using-ipv6-iam.html",
    rule: "All IPv6 addresses are outside of an IPv4 range.",
    given: asked({
      keyPolicy: named({ NotIpAddress: { "aws:SourceIp": "10.1.2.3" } }),
      context: { "aws:SourceIp": "2001:db8::1" },
    }),
    expected: "allowed",
  },
  {
    name: "the range 0.0.0.0/0 is every IPv4 address",
    source: `${iam}/reference_policies_elements_condition_operators.html#Conditions_IPAddress`,
    rule: "Ranges are in CIDR format, in which a prefix of no bits leaves every address.",
    given: asked({
      keyPolicy: named({ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }),
      context: { "aws:SourceIp": "203.0.113.5" },
    }),
    expected: "allowed",
  },
  {
    name: "an IPv6 address is the same one in any spelling",
    source: `${iam}/reference_policies_elements_condition_operators.html#Conditions_IPAddress`,
    rule: "Addresses are compared, not texts: RFC 4291 has several texts for one address.",
    given: asked({
      keyPolicy: named({ IpAddress: { "aws:VpcSourceIp": "2001:db8:1::2" } }),
      context: { "aws:VpcSourceIp": "2001:0db8:0001:0000:0000:0000:0000:0002" },
    }),
    expected: "allowed",
  },
];
