import { type Act, AT_REST, type Guard, type Lane, type Principal, type Report, type Scene } from '../contract/index.ts'
import { SharedSeries } from '../lanes/series.ts'
import { LaneTable } from '../lanes/table.ts'

/** A device of the site mill-3. */
export function principal(device = 'pump-1', roles: readonly string[] = ['sensor']): Principal {
  return { site: 'mill-3', device, roles, assurance: 'certificate', fingerprint: '' }
}

let serial = 1

/** An act with what a test cares about; the rest is a publish of four bytes at QoS 0. */
export function act(parts: Partial<Act> & { readonly topic?: string } = {}): Act {
  const text = parts.topic ?? 'plant/pump-1/level'
  const speaker = parts.speaker ?? principal()
  return {
    serial: serial++,
    direction: parts.action === 'receive' ? 'down' : 'up',
    action: 'publish',
    speaker,
    subject: speaker.device,
    address: { bytes: new TextEncoder().encode(text), text, memo: [] },
    bytes: new Uint8Array(100),
    start: 0,
    end: 24,
    payloadStart: 20,
    payloadEnd: 24,
    qos: 0,
    retain: false,
    weight: 1,
    ...parts,
  }
}

export function lane(): Lane {
  return new LaneTable(1).open(0, 1)
}

export function scene(now = 1_000, keepAlive = 0): Scene & { now: number; keepAlive: number } {
  return { ...AT_REST, now, wall: now, keepAlive, neighbors: new SharedSeries(0), memo: [] }
}

/** What a guard said, as lines: `add CODE`, `note CODE`, `slow CODE MILLISECONDS`, `end CODE`. */
export class Said implements Report {
  lines: string[] = []
  why = ''
  wait = 0

  add(code: string, why: string): void {
    this.lines.push(`add ${code}`)
    this.why = why
  }

  note(code: string, why: string): void {
    this.lines.push(`note ${code}`)
    this.why = why
  }

  slow(code: string, why: string, milliseconds: number): void {
    this.lines.push(`slow ${code} ${Math.round(milliseconds)}`)
    this.why = why
    this.wait = milliseconds
  }

  end(code: string, why: string): void {
    this.lines.push(`end ${code}`)
    this.why = why
  }
}

/** Asks a guard about one act. */
export function ask(guard: Guard, about: Act, where: Lane = lane(), when: Scene = scene()): Said {
  const said = new Said()
  guard.judge(about, where, when, said)
  return said
}
