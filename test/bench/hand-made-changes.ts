import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DetachRolePolicyCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  type KMSClient,
  ListGrantsCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ReplicateKeyCommand,
  RevokeGrantCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UpdateAliasCommand,
  UpdateKeyDescriptionCommand,
} from "@aws-sdk/client-kms";

/** Keys in the account that owns them, by Region, and the IAM of the account whose roles use some of them. */
export interface ChangedAccounts {
  readonly east: KMSClient;
  readonly west: KMSClient;
  readonly iam: IAMClient;
  readonly ownerId: string;
  readonly userId: string;
  /** An account of another zone. */
  readonly strangerId: string;
}

/** A change that somebody makes past every review. */
export interface HandMadeChange {
  readonly name: string;
  /** The workload whose one key it is about, or the role whose consumer policy; each change has one of its own. */
  readonly about: { readonly workload: string } | { readonly role: string };
  /** Whether the key has a replica in the other Region. @default false */
  readonly replicated?: boolean;
  /** @returns ids of what it made, by which reports may name it */
  readonly make: (at: ChangedAccounts, target: string) => Promise<readonly string[]>;
}

interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
}

const none: readonly string[] = [];
const batchOf = (at: ChangedAccounts): string => `arn:aws:iam::${at.ownerId}:role/batch`;
const strangerOf = (at: ChangedAccounts): string => `arn:aws:iam::${at.strangerId}:role/stranger`;
const policyArn = (at: ChangedAccounts, role: string): string =>
  `arn:aws:iam::${at.userId}:policy/orgkeys/orgkeys-${role}`;

export const aliasOf = (workload: string): string => `alias/${workload}-test`;

async function keyIn(kms: KMSClient, workload: string): Promise<string> {
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: aliasOf(workload) }));
  return KeyMetadata?.KeyId ?? "";
}

/** A change of the key in the first Region that makes nothing. */
function onKey(
  change: (kms: KMSClient, KeyId: string, at: ChangedAccounts) => Promise<unknown>,
): HandMadeChange["make"] {
  return async (at, workload) => {
    await change(at.east, await keyIn(at.east, workload), at);
    return none;
  };
}

function onReplica(change: (kms: KMSClient, KeyId: string) => Promise<unknown>): HandMadeChange["make"] {
  return async (at, workload) => {
    await change(at.west, await keyIn(at.west, workload));
    return none;
  };
}

function rewrite(
  edit: (statements: readonly Statement[], at: ChangedAccounts) => readonly object[],
): HandMadeChange["make"] {
  return onKey(async (kms, KeyId, at) => {
    const { Policy = "" } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
    const policy = JSON.parse(Policy) as { readonly Statement: readonly Statement[] };
    const edited = JSON.stringify({ ...policy, Statement: edit(policy.Statement, at) });
    await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: edited, BypassPolicyLockoutSafetyCheck: true }));
  });
}

const letIn = (principal: string): object => ({
  Sid: "ByHand",
  Effect: "Allow",
  Principal: { AWS: principal },
  Action: "kms:Decrypt",
  Resource: "*",
});

const isUse = ({ Sid = "" }: Statement): boolean => /^Use/.test(Sid);

/** @returns the id of the workload's own grant */
async function grantOf(kms: KMSClient, KeyId: string): Promise<{ readonly id: string; readonly name: string }> {
  const { Grants: [grant] = [] } = await kms.send(new ListGrantsCommand({ KeyId }));
  return { id: grant?.GrantId ?? "", name: grant?.Name ?? "" };
}

function grantTo(grantee: (at: ChangedAccounts) => string): HandMadeChange["make"] {
  return onKey((kms, KeyId, at) =>
    kms.send(
      new CreateGrantCommand({ KeyId, GranteePrincipal: grantee(at), Operations: ["Decrypt"], Name: "by-hand" }),
    ),
  );
}

export const handMadeChanges: readonly HandMadeChange[] = [
  {
    name: "A role of another zone is let into a key policy",
    about: { workload: "outsider" },
    make: rewrite((statements, at) => [...statements, letIn(strangerOf(at))]),
  },
  {
    name: "A role of the same zone is let into a key policy",
    about: { workload: "insider" },
    make: rewrite((statements, at) => [...statements, letIn(batchOf(at))]),
  },
  {
    name: "A user's statement and the Deny for all users are taken out of a key policy",
    about: { workload: "narrowed" },
    make: rewrite((statements) => statements.filter((one) => !isUse(one))),
  },
  {
    name: "A statement of a key policy is split into two",
    about: { workload: "split" },
    make: rewrite((statements) =>
      statements.flatMap((one) =>
        isUse(one) && Array.isArray(one.Action)
          ? [
              { ...one, Action: one.Action.slice(0, 1) },
              { ...one, Sid: `${one.Sid}Too`, Action: one.Action.slice(1) },
            ]
          : [one],
      ),
    ),
  },
  {
    name: "The order of a key policy and its actions changes",
    about: { workload: "reordered" },
    make: rewrite((statements) =>
      statements.map((one) => ({ ...one, Action: [one.Action].flat().reverse() })).reverse(),
    ),
  },
  {
    name: "Rotation is switched off",
    about: { workload: "unrotated" },
    make: onKey((kms, KeyId) => kms.send(new DisableKeyRotationCommand({ KeyId }))),
  },
  {
    name: "The rotation period changes",
    about: { workload: "period" },
    make: onKey((kms, KeyId) => kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 2560 }))),
  },
  {
    name: "A key is disabled",
    about: { workload: "disabled" },
    make: onKey((kms, KeyId) => kms.send(new DisableKeyCommand({ KeyId }))),
  },
  {
    name: "A replica is disabled",
    about: { workload: "halfdisabled" },
    replicated: true,
    make: onReplica((kms, KeyId) => kms.send(new DisableKeyCommand({ KeyId }))),
  },
  {
    name: "The deletion of a key is scheduled",
    about: { workload: "deleted" },
    make: onKey((kms, KeyId) => kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))),
  },
  {
    name: "The deletion of a key with a replica is scheduled",
    about: { workload: "alldeleted" },
    replicated: true,
    make: onKey((kms, KeyId) => kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 30 }))),
  },
  {
    name: "The deletion of a replica is scheduled",
    about: { workload: "halfdeleted" },
    replicated: true,
    make: onReplica((kms, KeyId) => kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }))),
  },
  {
    name: "A key is replicated to another Region of its zone",
    about: { workload: "copied" },
    make: onKey((kms, KeyId) => kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: "us-west-2" }))),
  },
  {
    name: "A key is replicated to a Region that is not its zone's",
    about: { workload: "abroad" },
    make: onKey((kms, KeyId) => kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: "us-east-2" }))),
  },
  {
    name: "An alias is led to another key",
    about: { workload: "moved" },
    make: onKey(async (kms) => {
      const TargetKeyId = await keyIn(kms, "reordered");
      await kms.send(new UpdateAliasCommand({ AliasName: aliasOf("moved"), TargetKeyId }));
    }),
  },
  {
    name: "An alias is deleted",
    about: { workload: "nameless" },
    make: onKey((kms) => kms.send(new DeleteAliasCommand({ AliasName: aliasOf("nameless") }))),
  },
  {
    name: "A key gets an alias more",
    about: { workload: "renamed" },
    make: async ({ east }) => {
      const name = "alias/by-hand";
      await east.send(new CreateAliasCommand({ AliasName: name, TargetKeyId: await keyIn(east, "renamed") }));
      return [name];
    },
  },
  {
    name: "A tag of a key changes, and one comes to it",
    about: { workload: "tagged" },
    make: onKey((kms, KeyId) => {
      const Tags = Object.entries({ Owner: "nobody", Mine: "yes" }).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
      return kms.send(new TagResourceCommand({ KeyId, Tags }));
    }),
  },
  {
    name: "The description of a key changes",
    about: { workload: "described" },
    make: onKey((kms, KeyId) => kms.send(new UpdateKeyDescriptionCommand({ KeyId, Description: "Old" }))),
  },
  {
    name: "A grant is revoked",
    about: { workload: "revoked" },
    make: onKey(async (kms, KeyId) => {
      await kms.send(new RevokeGrantCommand({ KeyId, GrantId: (await grantOf(kms, KeyId)).id }));
    }),
  },
  {
    name: "A grant is made anew with more operations",
    about: { workload: "regranted" },
    make: onKey(async (kms, KeyId, at) => {
      const { id, name } = await grantOf(kms, KeyId);
      await kms.send(new RevokeGrantCommand({ KeyId, GrantId: id }));
      const more = { GranteePrincipal: batchOf(at), Operations: ["Decrypt" as const, "Encrypt" as const] };
      await kms.send(new CreateGrantCommand({ KeyId, Name: name, ...more }));
    }),
  },
  {
    name: "A role of the zone gets a grant by hand",
    about: { workload: "granted" },
    make: grantTo(batchOf),
  },
  {
    name: "A role of another zone gets a grant by hand",
    about: { workload: "lent" },
    make: grantTo(strangerOf),
  },
  {
    name: "A key is made by hand",
    about: { workload: "strange" },
    make: async ({ east }) => {
      const { KeyMetadata } = await east.send(new CreateKeyCommand({ Description: "scratch" }));
      return [KeyMetadata?.KeyId ?? ""];
    },
  },
  {
    name: "A key is made by hand with the tags and the description of a reviewed one",
    about: { workload: "doubled" },
    make: async ({ east }) => {
      const KeyId = await keyIn(east, "doubled");
      const { KeyMetadata } = await east.send(new DescribeKeyCommand({ KeyId }));
      const { Tags } = await east.send(new ListResourceTagsCommand({ KeyId }));
      const made = await east.send(
        new CreateKeyCommand({ Description: KeyMetadata?.Description, Tags, MultiRegion: true }),
      );
      return [made.KeyMetadata?.KeyId ?? ""];
    },
  },
  {
    name: "A consumer policy gives more",
    about: { role: "taker" },
    make: async ({ iam, ...at }, role) => {
      const statement = { Effect: "Allow", Action: "kms:*", Resource: "*" };
      const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
      const PolicyArn = policyArn({ iam, ...at }, role);
      await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }));
      return none;
    },
  },
  {
    name: "A consumer policy is detached",
    about: { role: "loser" },
    make: async (at, role) => {
      await at.iam.send(new DetachRolePolicyCommand({ RoleName: role, PolicyArn: policyArn(at, role) }));
      return none;
    },
  },
  {
    name: "A consumer policy is attached to another role",
    about: { role: "lender" },
    make: async (at, role) => {
      await at.iam.send(new AttachRolePolicyCommand({ RoleName: "bystander", PolicyArn: policyArn(at, role) }));
      return none;
    },
  },
  {
    name: "A consumer policy is deleted",
    about: { role: "bereft" },
    make: async (at, role) => {
      const PolicyArn = policyArn(at, role);
      await at.iam.send(new DetachRolePolicyCommand({ RoleName: role, PolicyArn }));
      await at.iam.send(new DeletePolicyCommand({ PolicyArn }));
      return none;
    },
  },
  {
    name: "A policy is made by hand where only consumer policies are",
    about: { role: "bystander" },
    make: async ({ iam }, role) => {
      const statement = { Effect: "Allow", Action: "kms:Decrypt", Resource: "*" };
      const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
      const made = await iam.send(
        new CreatePolicyCommand({ PolicyName: "orgkeys-mine", Path: "/orgkeys/", PolicyDocument }),
      );
      await iam.send(new AttachRolePolicyCommand({ RoleName: role, PolicyArn: made.Policy?.Arn }));
      return ["orgkeys-mine"];
    },
  },
];
