/** `Workloads/Pre Prod` as part of a stack's name: `workloads.pre-prod`. */
export function stackNamePart(ouPath: string): string {
  return ouPath
    .split("/")
    .map((part) => part.toLowerCase().replaceAll(/[^a-z0-9_-]+/g, "-"))
    .join(".");
}
