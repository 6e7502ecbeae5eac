import { aliasBreaches } from "./alias-breaches";
import { consumerBreaches } from "./consumer-breaches";
import { deploymentBreaches } from "./deployment-breaches";
import { destructionBreaches } from "./destruction-breaches";
import { grantBreaches } from "./grant-breaches";
import { guardrailBreaches } from "./guardrail-breaches";
import { keyAccessBreaches } from "./key-access-breaches";
import { lifecycleBreaches } from "./lifecycle-breaches";
import { lifetimeBreaches } from "./lifetime-breaches";
import { managerBreaches } from "./manager-breaches";
import { membershipBreaches } from "./membership-breaches";
import type { Breach } from "./mutation";
import { regionBreaches } from "./region-breaches";
import { rootAndReplicaBreaches } from "./root-and-replica-breaches";
import { localStateBreaches } from "./state-breaches";
import { unreadableBreaches } from "./unreadable-breaches";

/** Ways to breach a zone or a duty, each made in the sample organization's good JSON. */
export const breaches: readonly Breach[] = [
  ...keyAccessBreaches,
  ...aliasBreaches,
  ...consumerBreaches,
  ...deploymentBreaches,
  ...destructionBreaches,
  ...grantBreaches,
  ...guardrailBreaches,
  ...lifecycleBreaches,
  ...lifetimeBreaches,
  ...managerBreaches,
  ...membershipBreaches,
  ...regionBreaches,
  ...rootAndReplicaBreaches,
  ...localStateBreaches,
  ...unreadableBreaches,
];
