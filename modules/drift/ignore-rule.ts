export type { IgnoreRule } from "../findings/ignore-rule";
