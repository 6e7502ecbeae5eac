import { loadPlan } from "../../../stacks/load-plan";
import { decommission, recordOf, withLifecycles } from "../../stacks/with-lifecycles";
import { type Output, outputOfPlan } from "../sample-output";

/** In AWS, of PCI's payments key. */
export const adoptedKey = "mrk-1234567890abcdef1234567890abcdef";
export const adoptedGrant = "a".repeat(64);
/** Of the keys of PCI: let go, with its alias. */
export const scheduledKey = "cardholder-vault_test_us-east-1";
export const scheduledAlias = "cardholder-vault-test_us-east-1";
/** A replica that is let go, of a key in use. */
export const scheduledReplica = "payments_prod_ebs_us-west-2";

/** The sample organization with keys at every point of their lives, and one that is taken over with all that is its own. */
export function livingOrganization(): Output {
  const loaded = loadPlan("config");
  if ("problems" in loaded) throw new Error(JSON.stringify(loaded.problems, null, 2));
  const ofPci = (key: string, record: Parameters<typeof recordOf>[4]): ReturnType<typeof recordOf> =>
    recordOf(loaded.map, "pci-key-management", key, "us-east-1", record);
  return outputOfPlan(
    withLifecycles(loaded, [
      ofPci("payments_prod", {
        adopt: {
          keyId: adoptedKey,
          replicas: ["us-west-2"],
          aliases: ["alias/payments-prod"],
          grants: new Map([["payments_prod_us-east-1_payments-batch", adoptedGrant]]),
        },
      }),
      ofPci("payments_prod_ebs", { replicas: new Map([["us-west-2", decommission("scheduled")]]) }),
      ofPci("cardholder-vault_test", { decommission: decommission("scheduled") }),
      ofPci("payments_test_s3", { handOver: { to: "acquirer", day: "2026-12-01" } }),
    ]),
  );
}
