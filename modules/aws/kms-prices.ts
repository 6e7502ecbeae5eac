/** US dollars. Source: https://aws.amazon.com/kms/pricing/ (read in November 2026). */
export const kmsPrices = {
  /** A customer managed key or a replica, a month. */
  keyMonth: 1,
  /** What the first and the second rotation each add, a month; later ones add nothing. */
  rotationMonth: 1,
  pricedRotations: 2,
} as const;
