/** An order to an actuator or to the controller: `{"ts", "source", "value"}` or `{"ts", "source", "order"}`. */
export interface Command {
  readonly source: string
  /** 0 to 1, for actuators. */
  readonly value?: number
  /** For the controller. */
  readonly order?: 'start' | 'stop'
}

/** Reads a command's payload; null for anything that is not one, which a device ignores. */
export function readCommand(payload: Uint8Array): Command | null {
  const parsed = readObject(payload)
  if (!parsed) return null
  const source = typeof parsed['source'] === 'string' ? parsed['source'] : ''
  const { value, order } = parsed
  if (typeof value === 'number' && value >= 0 && value <= 1) return { source, value }
  if (order === 'start' || order === 'stop') return { source, order }
  return null
}

/** A JSON object, or null. */
export function readObject(payload: Uint8Array): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(payload).toString('utf8'))
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : null
  } catch {
    return null
  }
}
