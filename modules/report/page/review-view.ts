import { h } from "./elements";
import { laidTable } from "./laid-view";
import { fields, list, text } from "./overlay";
import type { ViewMaker } from "./page";
import { chips, empty, figures, heading } from "./pieces";
import { formatHash } from "./state";
import { counted, money } from "./words";

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
  const { data } = page.model;
  const { document } = report;
  const [base, head, cost] = [fields(document.base), fields(document.head), fields(document.cost)];
  const verdict = fields(document.verdict);
  const line = text(document.verdict) || text(verdict.line);
  const touched = list(document.zones).map((zone) => text(fields(zone).zone) || text(zone));
  const removed = report.changes.filter(({ id, key }) => id === "key-removed" && key === undefined).length;
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
              difference === 0 ? "as before" : `${difference > 0 ? "+" : "−"}${money(Math.abs(difference))}`,
            ] as const,
          ]
        : []),
    ]),
  );
  if (text(head.name) !== data.output && head.from === "folder") {
    host.append(
      h("p", { class: "faint" }, `The review ends at ${text(head.name)}; the other views are of ${data.output}.`),
    );
  }
  if (removed > 0) {
    host.append(
      h(
        "p",
        {},
        h("a", { href: formatHash("review", "", [["id", "key-removed"]]) }, counted(removed, "key")),
        ` ${removed === 1 ? "is" : "are"} no longer in this output, and so here alone.`,
      ),
    );
  }
  return laidTable(page, host, state, report, "change");
};
