import { check as accountRootUse } from "../account-root-use";
import { check as administratorsNeverUse } from "../administrators-never-use";
import { check as aliasNames } from "../alias-names";
import { check as awsLimits } from "../aws-limits";
import { check as breakGlassDestroys } from "../break-glass-destroys";
import { check as consumerPolicyBreadth } from "../consumer-policy-breadth";
import { check as deletionWindow } from "../deletion-window";
import { check as exceptionsInForce } from "../exceptions-in-force";
import { check as exceptionsUsed } from "../exceptions-used";
import { check as grantConstraints } from "../grant-constraints";
import { check as grantExpiry } from "../grant-expiry";
import { check as guardrailsInPlace } from "../guardrails-in-place";
import { check as importedMaterial } from "../imported-material";
import { check as keyEnabled } from "../key-enabled";
import { check as keyLockout } from "../key-lockout";
import { check as keyStoresAsMapped } from "../key-stores-as-mapped";
import { check as keysAsMapped } from "../keys-as-mapped";
import { check as namedPrincipals } from "../named-principals";
import { check as preventDestroy } from "../prevent-destroy";
import { check as readable } from "../readable";
import { check as replicaPolicy } from "../replica-policy";
import { check as rolloutAccess } from "../rollout-access";
import { check as rolloutKeys } from "../rollout-keys";
import { check as rolloutTemplates } from "../rollout-templates";
import { check as rotation } from "../rotation";
import { check as usersNeverManage } from "../users-never-manage";
import { check as zoneAliases } from "../zone-aliases";
import { check as zoneConsumerPolicies } from "../zone-consumer-policies";
import { check as zoneDeployRole } from "../zone-deploy-role";
import { check as zoneGrants } from "../zone-grants";
import { check as zoneGuardrails } from "../zone-guardrails";
import { check as zoneKeyAccess } from "../zone-key-access";
import { check as zoneManagers } from "../zone-managers";
import { check as zoneMembership } from "../zone-membership";
import { check as zoneRegions } from "../zone-regions";
import { check as zoneRollouts } from "../zone-rollouts";
import { check as zoneState } from "../zone-state";
import type { Check } from "./check";

/** Every check: first the proof of the zones, then everything else, each by id. */
export const allChecks: readonly Check[] = [
  keyStoresAsMapped,
  keysAsMapped,
  zoneAliases,
  zoneConsumerPolicies,
  zoneDeployRole,
  zoneGrants,
  zoneGuardrails,
  zoneKeyAccess,
  zoneManagers,
  zoneMembership,
  zoneRegions,
  zoneRollouts,
  zoneState,
  readable,
  rolloutAccess,
  rolloutTemplates,
  accountRootUse,
  administratorsNeverUse,
  aliasNames,
  awsLimits,
  breakGlassDestroys,
  consumerPolicyBreadth,
  deletionWindow,
  exceptionsInForce,
  exceptionsUsed,
  grantConstraints,
  grantExpiry,
  guardrailsInPlace,
  importedMaterial,
  keyEnabled,
  keyLockout,
  namedPrincipals,
  preventDestroy,
  replicaPolicy,
  rolloutKeys,
  rotation,
  usersNeverManage,
];

/** The zone proof. */
export const proofChecks: readonly Check[] = allChecks.filter(({ kind }) => kind === "proof");
