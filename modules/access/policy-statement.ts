/** Something that could not be understood exactly, and therefore counts as dangerous. */
export interface Unreadable {
  /** JSON pointer (RFC 6901) into the document it is in. */
  readonly path: string;
  readonly why: string;
}

/** Where something stands, so that a report can name the line. */
export interface Place {
  /** The synthesized stack's name, or whatever else names the JSON text. */
  readonly document: string;
  /** JSON pointer into it. */
  readonly path: string;
}

/** One IAM policy document, as the evaluation takes it. */
export interface Policy extends Place {
  readonly statements: readonly Statement[];
  /** False when a part of the document is malformed: it could then allow or deny anything. */
  readonly understood: boolean;
  /** The size with which the document of a stack reaches AWS, in UTF-8. */
  readonly bytes?: number;
}

/**
 * One statement, in AWS's words.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export interface Statement extends Place {
  readonly sid: string | undefined;
  readonly effect: "Allow" | "Deny";
  /** Undefined in identity-based and service control policies, which have no such element. */
  readonly principal: PrincipalElement | undefined;
  readonly action: PatternElement;
  readonly resource: PatternElement;
  /** Every one has to hold. */
  readonly conditions: readonly Condition[];
  /** `${aws:…}` is a variable only in version 2012-10-17. */
  readonly hasVariables: boolean;
  /** False when an element is not known here: the statement then matches at most perhaps. */
  readonly understood: boolean;
}

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
export interface PatternElement {
  readonly negated: boolean;
  readonly patterns: readonly string[];
}

/** `Principal` or `NotPrincipal`. */
export interface PrincipalElement {
  readonly negated: boolean;
  readonly names: readonly PrincipalName[];
}

/** One name in a Principal element; `"Principal": "*"` has the type `Any`. */
export interface PrincipalName {
  readonly type: "Any" | "AWS" | "Service" | "Federated" | "CanonicalUser";
  readonly value: string;
}

/** One key of one operator: any of the values may match. */
export interface Condition {
  readonly path: string;
  /** As written: `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}
