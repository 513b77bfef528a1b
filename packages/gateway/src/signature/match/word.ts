/** A word to look for, and what is told where it stands. */
export interface Word {
  readonly bytes: Uint8Array
  readonly tells: number
}
