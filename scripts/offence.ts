/** An import that breaks a wall: where, which rule, and what to do. */
export interface Offence {
  readonly path: string
  readonly line: number
  readonly rule: string
  readonly advice: string
}
