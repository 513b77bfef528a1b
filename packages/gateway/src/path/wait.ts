import type { Step } from '../contract/index.ts'
import { type Connection, Halt } from './connection.ts'
import type { Way } from './way.ts'

/** Stops reading for so many milliseconds; then the packet that the scanner stands on is judged again. */
export function wait(c: Connection, step: Step, milliseconds: number, way: Way): void {
  c.waiting = step
  c.halt(Halt.throttled)
  setTimeout(() => way.resume(c, Halt.throttled), milliseconds)
}
