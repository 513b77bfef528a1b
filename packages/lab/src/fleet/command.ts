import { SETPOINTS, type SetpointName } from '../plant/setpoints.ts'

/** An order to an actuator (`value`) or to the controller (`order`, or `target` with `value`). */
export interface Command {
  readonly source: string
  /** An attacker's word. */
  readonly trace?: string
  /** 0 to 1, for actuators; in the unit of its target for a set point. */
  readonly value?: number
  /** For the controller. */
  readonly order?: 'start' | 'stop'
  /** The set point that the controller shall hold from now on. */
  readonly target?: SetpointName
}

/** Reads a command's payload; null for anything that is not one, which a device ignores. */
export function readCommand(payload: Uint8Array): Command | null {
  const parsed = readObject(payload)
  if (!parsed) return null
  const { value, order, target, trace } = parsed
  const source = typeof parsed['source'] === 'string' ? parsed['source'] : ''
  const from = { source, ...(typeof trace === 'string' && { trace }) }
  if (isSetpoint(target)) {
    const { low, high } = SETPOINTS[target]
    return typeof value === 'number' && value >= low && value <= high ? { ...from, target, value } : null
  }
  if (typeof value === 'number' && value >= 0 && value <= 1) return { ...from, value }
  if (order === 'start' || order === 'stop') return { ...from, order }
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

function isSetpoint(name: unknown): name is SetpointName {
  return typeof name === 'string' && Object.hasOwn(SETPOINTS, name)
}
