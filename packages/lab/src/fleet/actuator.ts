import { readCommand } from './command.ts'
import { type Line, type Subscription, say } from './line.ts'

/** An actuator: obeys what arrives on its command topic, and nothing else moves it. */
export class Actuator {
  readonly line: Line
  readonly subscriptions: readonly Subscription[]
  readonly #actuate: (value: number) => void
  /** The sources of all commands that were obeyed, or the traces of those that had one, with how often. */
  readonly obeyed = new Map<string, number>()

  constructor(line: Line, actuate: (value: number) => void) {
    this.line = line
    this.#actuate = actuate
    this.subscriptions = [{ filter: line.topic('set'), qos: 1 }]
    line.onMessage((_topic, payload) => this.#obey(payload))
  }

  #obey(payload: Uint8Array): void {
    const command = readCommand(payload)
    if (command?.value === undefined) return
    const who = command.trace ?? command.source
    this.obeyed.set(who, (this.obeyed.get(who) ?? 0) + 1)
    this.#actuate(command.value)
    say(this.line, this.line.topic('state'), { ts: Math.round(this.line.wall()), value: command.value }, 1, true)
  }
}
