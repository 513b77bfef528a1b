/** Why a capture file cannot be read any further. What was read before it holds. */
export interface CaptureFault {
  /** Stable, lower_snake_case: `capture_magic`, `capture_truncated`, `block_length`, `packet_too_large` … */
  readonly code: string
  /** One plain sentence with its numbers. */
  readonly why: string
  /** Where in the file, in bytes from its beginning. */
  readonly offset: number
}
