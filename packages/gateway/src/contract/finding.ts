export type Severity = 'info' | 'low' | 'medium' | 'high' | 'critical'

/** What was wrong, by which rule or clause, in one plain sentence with its numbers. */
export interface Finding {
  /** The guard that found it, or `floor`. */
  readonly guard: string
  /** A stable code, `lower_snake_case`. */
  readonly code: string
  readonly severity: Severity
  /** A standard's clause (`MQTT-3.1.0-1`), a rule's name, or an empty string. */
  readonly clause: string
  readonly why: string
}
