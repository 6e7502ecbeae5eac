import { z } from "zod";
import { partitionNames } from "../../aws/partition";
import { accountIdField, accountIdMessage, nameField, nonEmptyListOf, regionField, UNKNOWN_ACCOUNT_ID } from "./fields";
import { goOnWith } from "./stand-ins";
import { tagsField } from "./tags-field";

export const accountStatuses = ["active", "pending", "suspended"] as const;
export type AccountStatus = (typeof accountStatuses)[number];

const accountUnion = z.union(
  [
    accountIdField,
    z.strictObject({
      id: accountIdField,
      status: goOnWith(
        z
          .enum(accountStatuses)
          .optional()
          .describe("pending: planned, but kept out of policies, grants and stacks. suspended: gets nothing new"),
        undefined,
      ),
      regions: goOnWith(
        nonEmptyListOf(regionField).optional().describe("Regions that are enabled in this account"),
        undefined,
      ),
      tags: tagsField.optional(),
    }),
  ],
  {
    error: (issue) =>
      typeof issue.input === "number"
        ? accountIdMessage(issue.input)
        : 'must be an account; write its id in quotes, as in "210000000001", or {id, status, regions, tags}',
  },
);

const accountSchema = goOnWith(accountUnion, UNKNOWN_ACCOUNT_ID);

const organizationalUnitSchema = z.strictObject({
  id: goOnWith(
    z
      .string()
      .regex(/^ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}$/, { error: "must be an OU id; copy it, as in ou-ab12-20000000" })
      .describe("The OU's id in AWS Organizations"),
    "ou-0000-00000000",
  ),
  environment: nameField.optional().describe("prod, test, dev …: of every account below, unless a child OU says other"),
  accounts: z.record(nameField, accountSchema).optional(),
  get ous() {
    return z.record(organizationalUnitName, organizationalUnitSchema).optional();
  },
});

const organizationalUnitName = z.string().regex(/^[\w][\w .-]{0,126}$/, {
  error: "must be an OU's name: letters, digits, blanks, _ . -, at most 127 characters; replace the others",
});

const roleNameField = z
  .string()
  .regex(/^[\w+=,.@-]{1,64}$/, { error: "must be a role's name; write it without role/ and without a path" });

/** One AWS Organization: one file in `config/organizations/`, named after the organization. */
export const organizationSchema = z.strictObject({
  id: goOnWith(
    z
      .string()
      .regex(/^o-[a-z0-9]{10,32}$/, { error: "must be an organization id; copy it, as in o-a1b2c3d4e5" })
      .describe("The organization's id"),
    "o-0000000000",
  ),
  rootId: goOnWith(
    z
      .string()
      .regex(/^r-[a-z0-9]{4,32}$/, { error: "must be a root id; copy it, as in r-ab12" })
      .describe("The id of the organization's root"),
    "r-0000",
  ),
  partition: z.enum(partitionNames).describe("The AWS partition, which an organization never leaves"),
  homeRegion: goOnWith(regionField.describe("Where keys live unless a workload says other"), "no-where-0"),
  regions: nonEmptyListOf(regionField).describe("The Regions this organization uses"),
  managementAccount: goOnWith(nameField.describe("The account that owns the organization"), "unknown"),
  delegatedAdministrator: goOnWith(
    nameField.optional().describe("The account that administers StackSets, Config and Access Analyzer"),
    undefined,
  ),
  roles: goOnWith(
    z
      .strictObject({
        deploy: roleNameField.describe("The role that Terraform assumes; a name without role/"),
        audit: roleNameField.describe("The role that drift detection assumes; a name without role/"),
      })
      .describe("The roles in every account that Terraform and drift detection assume"),
    { deploy: "unknown", audit: "unknown" },
  ),
  externalId: goOnWith(
    z
      .string()
      .regex(/^[\w+=,.@:/-]{2,1224}$/, {
        error: "must be an external id of 2 to 1,224 letters, digits and + = , . @ : / -; replace the others",
      })
      .optional()
      .describe("Passed when the deploy role is assumed"),
    undefined,
  ),
  tags: tagsField.optional(),
  accounts: z.record(nameField, accountSchema).optional().describe("Accounts directly below the root"),
  ous: z.record(organizationalUnitName, organizationalUnitSchema).describe("The OUs below the root, by their names"),
});

export type OrganizationFile = z.infer<typeof organizationSchema>;
export type OrganizationalUnitFile = z.infer<typeof organizationalUnitSchema>;
export type AccountFile = z.infer<typeof accountSchema>;
