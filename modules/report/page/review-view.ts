import { h } from "./elements";
import { laidTable } from "./laid-view";
import { fields, list, text } from "./overlay";
import type { ViewMaker } from "./page";
import { chips, empty, figures, heading } from "./pieces";
import { money } from "./words";

/** A review that is laid over the page: what a change means, most risky first. */
export const reviewView: ViewMaker = (page, host, state) => {
  const report = page.model.overlay.review;
  if (!report) {
    host.append(
      heading("Review"),
      empty(
        "No review is laid over this report. Write it with ",
        h("code", {}, "orgkeys report --html FILE --review BASE"),
        ".",
      ),
    );
    return {};
  }
  const { document } = report;
  const [base, head, cost] = [fields(document.base), fields(document.head), fields(document.cost)];
  const verdict = fields(document.verdict);
  const line = text(document.verdict) || text(verdict.line);
  const touched = list(document.zones).map((zone) => text(fields(zone).zone) || text(zone));
  const difference = Number(cost.after) - Number(cost.before);
  host.append(
    heading("Review", `From ${text(base.name)} to ${text(head.name)}.`),
    line === "" ? "" : h("p", { class: "verdict", "data-level": text(verdict.level) }, line),
    figures([
      ["Keys", `${text(base.keys)} → ${text(head.keys)}`],
      ["Replicas", `${text(base.replicas)} → ${text(head.replicas)}`],
      ["Zones touched", chips(touched)],
      ...(Number.isFinite(difference)
        ? [
            [
              "US$ a month",
              money(Number(cost.after)),
              `${difference >= 0 ? "+" : "−"}${money(Math.abs(difference))}`,
            ] as const,
          ]
        : []),
    ]),
  );
  return laidTable(page, host, state, report, "change");
};
