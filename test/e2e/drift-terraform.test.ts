import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  CreateKeyCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  TagResourceCommand,
} from "@aws-sdk/client-kms";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type LiveOrganization, startOrganization } from "./organization";
import { startOrgkeys } from "./orgkeys-process";

const CONFIG = join(__dirname, "../fixtures/small");
const STACK = "acme.health.clinic";
const CLINIC = { accountId: "310000000001", region: "us-east-1" };
const AliasName = "alias/records-prod";

let live: LiveOrganization;

beforeAll(async () => {
  live = await startOrganization("drift-terraform");
  await live.load(CONFIG);
  await live.apply([STACK]);
});
afterAll(() => live?.stop());

test("a refresh of a stack that is as applied tells nothing, and leaves nothing beside the JSON", async () => {
  const before = readdirSync(live.stackFolder(STACK));
  expect(await drift()).toEqual({ code: 0, engine: "terraform", findings: [] });
  expect(readdirSync(live.stackFolder(STACK))).toEqual(before);
});

test("Terraform's word stands with the finding of the same address, and what was made by hand has none", async () => {
  const { kms } = await live.emulator.clientsFor(CLINIC);
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: AliasName }));
  const KeyId = KeyMetadata?.KeyId ?? "";
  await kms.send(new DisableKeyCommand({ KeyId }));
  await kms.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: "Owner", TagValue: "nobody" }] }));
  await kms.send(new DeleteAliasCommand({ AliasName }));
  await kms.send(new CreateKeyCommand({ Description: "by hand" }));
  const { code, findings } = await drift();
  const values = "has other values: is_enabled, tags, tags_all";
  expect([code, findings]).toEqual([
    2,
    [
      ["alias-missing", "aws_kms_alias.records-prod_us-east-1", "is no longer there"],
      ["key-disabled", "aws_kms_key.records_prod_us-east-1", values],
      ["key-unmanaged", null, null],
      ["tags-changed", "aws_kms_key.records_prod_us-east-1", values],
    ],
  ]);
});

interface Reported {
  readonly engine: string;
  readonly findings: readonly {
    readonly id: string;
    readonly terraform: string | null;
    readonly place: { readonly address: string | null };
  }[];
}

/** By kind, each with its address and Terraform's word. */
async function drift() {
  const places = ["--config", CONFIG, "--out", live.out, "--runs", join(live.folder, "runs"), "--format", "json"];
  const words = ["drift", STACK, "--engine", "terraform", ...places];
  const { code, stdout, stderr } = await startOrgkeys(words, live.environment).ended;
  if (stdout === "") throw new Error(`drift ended with ${code}\n${stderr}`);
  const { engine, findings }: Reported = JSON.parse(stdout);
  const told = findings.map(({ id, place: { address }, terraform }) => [id, address, terraform]).sort();
  return { code, engine, findings: told };
}
