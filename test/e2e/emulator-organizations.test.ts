import {
  AttachPolicyCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  CreatePolicyCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  type OrganizationsClient,
  UpdatePolicyCommand,
} from "@aws-sdk/client-organizations";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Emulator, startEmulator } from "./emulator";

let emulator: Emulator;
let management: OrganizationsClient;
let RootId: string;
let ou: string;

beforeAll(async () => {
  emulator = await startEmulator({ name: "emulator-organizations" });
  management = (await emulator.clientsFor({ accountId: "444444444444", region: "us-east-1" })).organizations;
  await management.send(new CreateOrganizationCommand({ FeatureSet: "ALL" }));
  const { Roots = [] } = await management.send(new ListRootsCommand({}));
  RootId = Roots[0]?.Id ?? "";
  const { OrganizationalUnit } = await management.send(
    new CreateOrganizationalUnitCommand({ ParentId: RootId, Name: "PCI" }),
  );
  ou = OrganizationalUnit?.Id ?? "";
});
afterAll(() => emulator?.stop());

/** @returns the new policy's id */
async function createPolicy(Name: string, characters = 100): Promise<string> {
  const Content = JSON.stringify({ Version: "2012-10-17", Statement: [] }).padEnd(characters);
  const policy = { Name, Description: "", Type: "RESOURCE_CONTROL_POLICY", Content } as const;
  const { Policy } = await management.send(new CreatePolicyCommand(policy));
  return Policy?.PolicySummary?.Id ?? "";
}

const attach = (PolicyId: string) => management.send(new AttachPolicyCommand({ PolicyId, TargetId: ou }));

test("it attaches no policy of a type that is not enabled", async () => {
  const id = await createPolicy("first");
  await expect(attach(id)).rejects.toThrow("enabled policy types");
  await management.send(new EnablePolicyTypeCommand({ RootId, PolicyType: "RESOURCE_CONTROL_POLICY" }));
  await attach(id);
});

test("it attaches four policies of a type beside AWS's own", async () => {
  for (const name of ["second", "third", "fourth"]) await attach(await createPolicy(name));
  await expect(attach(await createPolicy("fifth"))).rejects.toThrow("MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED");
});

test("it takes 5,120 characters of policy, white space included", async () => {
  const id = await createPolicy("longest", 5120);
  await expect(createPolicy("too long", 5121)).rejects.toThrow("POLICY_CONTENT_LIMIT_EXCEEDED");
  const longer = new UpdatePolicyCommand({ PolicyId: id, Content: "{}".padEnd(5121) });
  await expect(management.send(longer)).rejects.toThrow("POLICY_CONTENT_LIMIT_EXCEEDED");
});
