import { z } from "zod";
import { partitionNames } from "../../aws/partition";
import { accountIdField, nameField, nonEmptyListOf, regionField, tagsField } from "./fields";

export const accountStatuses = ["active", "pending", "suspended"] as const;
export type AccountStatus = (typeof accountStatuses)[number];

const accountSchema = z.union(
  [
    accountIdField,
    z.strictObject({
      id: accountIdField,
      status: z
        .enum(accountStatuses)
        .optional()
        .describe("pending: planned, but kept out of policies, grants and stacks. suspended: gets nothing new"),
      regions: nonEmptyListOf(regionField).optional().describe("Regions that are enabled in this account"),
      tags: tagsField.optional(),
    }),
  ],
  { error: 'must be an account id in quotes ("210000000001") or {id, status, regions, tags}' },
);

const organizationalUnitSchema = z.strictObject({
  id: z
    .string()
    .regex(/^ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}$/, { error: "must be an OU id, as in ou-ab12-20000000" })
    .describe("The OU's id in AWS Organizations"),
  environment: nameField.optional().describe("prod, test, dev …: of every account below, unless a child OU says other"),
  accounts: z.record(nameField, accountSchema).optional(),
  get ous() {
    return z.record(organizationalUnitName, organizationalUnitSchema).optional();
  },
});

const organizationalUnitName = z.string().regex(/^[\w][\w .-]{0,126}$/, {
  error: "must be an OU's name: letters, digits, spaces, _ . -, at most 127 characters",
});

/** One AWS Organization: one file in `config/organizations/`, named after the organization. */
export const organizationSchema = z.strictObject({
  id: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/, { error: "must be an organization id, as in o-a1b2c3d4e5" })
    .describe("The organization's id"),
  rootId: z
    .string()
    .regex(/^r-[a-z0-9]{4,32}$/, { error: "must be a root id, as in r-ab12" })
    .describe("The id of the organization's root"),
  partition: z.enum(partitionNames),
  homeRegion: regionField.describe("Where keys live unless a workload says other"),
  regions: nonEmptyListOf(regionField).describe("The Regions this organization uses"),
  managementAccount: nameField.describe("The account that owns the organization"),
  delegatedAdministrator: nameField
    .optional()
    .describe("The account that administers StackSets, Config and Access Analyzer"),
  roles: z
    .strictObject({
      deploy: z.string().regex(/^[\w+=,.@-]{1,64}$/, { error: "must be a role's name, without role/" }),
      audit: z.string().regex(/^[\w+=,.@-]{1,64}$/, { error: "must be a role's name, without role/" }),
    })
    .describe("The roles in every account that Terraform and drift detection assume"),
  externalId: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/, {
      error: "must be an external id of 2 to 1,224 letters, digits and + = , . @ : / -",
    })
    .optional()
    .describe("Passed when the deploy role is assumed"),
  tags: tagsField.optional(),
  accounts: z.record(nameField, accountSchema).optional().describe("Accounts directly below the root"),
  ous: z.record(organizationalUnitName, organizationalUnitSchema),
});

export type OrganizationFile = z.infer<typeof organizationSchema>;
export type OrganizationalUnitFile = z.infer<typeof organizationalUnitSchema>;
export type AccountFile = z.infer<typeof accountSchema>;
