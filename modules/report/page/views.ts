import { accessView } from "./access-view";
import { costView } from "./cost-view";
import { driftView } from "./drift-view";
import { findingsView } from "./findings-view";
import { keyView } from "./key-view";
import { keysView } from "./keys-view";
import { organizationView } from "./organization-view";
import type { ViewMaker } from "./page";
import { reviewView } from "./review-view";
import { rolloutsView } from "./rollouts-view";
import type { ViewName } from "./state";
import { zonesView } from "./zones-view";

export const views: Readonly<Record<ViewName, ViewMaker>> = {
  organization: organizationView,
  zones: zonesView,
  keys: keysView,
  key: keyView,
  access: accessView,
  findings: findingsView,
  rollouts: rolloutsView,
  cost: costView,
  review: reviewView,
  drift: driftView,
};
