/** How surely a principal proved who it is. Certificates come first; the others exist for fleets that are there already. */
export type Assurance = 'certificate' | 'token' | 'password'

/** An authenticated machine. Immutable for the life of its connection. */
export interface Principal {
  readonly site: string
  /** The device id: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`, so that it is safe inside topics, file names and logs. */
  readonly device: string
  readonly roles: readonly string[]
  readonly assurance: Assurance
  /** SHA-256 of the certificate, hex, or an empty string where there is none. */
  readonly fingerprint: string
}
