/** How long a certificate lasts. */
export interface Lifetime {
  readonly days?: number
}

/** Days of a development authority, and so the most that anything it issues can last. */
export const AUTHORITY_DAYS = 3650

/** Days of a device's certificate: without revocation a short life is what ends a lost device's access. */
export const DEVICE_DAYS = 90

/** Days of a server's certificate. */
export const SERVER_DAYS = 365
