import { type Commands, Supervisor } from '../plant/supervisor.ts'
import { readCommand, readObject } from './command.ts'
import { type Line, type Subscription, say } from './line.ts'

/** A command is repeated after so many milliseconds even if it has not changed. */
const REPEAT = 3000
const SIGNIFICANT = 0.02
/** The commands that stop the plant have so long to arrive before none are legal any more, ms. */
const STOPPING = 1500

/** The controller: hears telemetry, decides, and sends commands. */
export class Controller {
  readonly supervisor = new Supervisor()
  readonly line: Line
  readonly subscriptions: readonly Subscription[]
  readonly #site: string
  readonly #readings: Record<string, number | undefined> = {}
  readonly #sent: Record<string, { value: number; at: number } | undefined> = {}
  #stoppedAt = Number.POSITIVE_INFINITY

  constructor(line: Line, site: string) {
    this.line = line
    this.#site = site
    this.subscriptions = [
      { filter: `${site}/+/telemetry`, qos: 0 },
      { filter: `${site}/+/state`, qos: 0 },
      { filter: line.topic('set'), qos: 1 },
    ]
    line.onMessage((topic, payload) => this.#hear(topic, payload))
  }

  /** Says in which mode the plant is, as it does after each change. */
  tellMode(): void {
    say(this.line, this.line.topic('state'), this.modeMessage(), 1, true)
  }

  /** @param trace of an attacker. */
  modeMessage(trace?: string): object {
    const { line, supervisor } = this
    return { ...(trace !== undefined && { trace }), ts: Math.round(line.wall()), mode: supervisor.mode }
  }

  /** Once a control period: sends what has changed, or is due to be repeated. `now` in monotonic milliseconds. */
  control(now: number): void {
    const { supervisor } = this
    const mode = supervisor.mode
    this.#send(supervisor.decide(this.#readings), now)
    if (supervisor.mode !== 'stopping') this.#stoppedAt = Number.POSITIVE_INFINITY
    else if (this.#stoppedAt === Number.POSITIVE_INFINITY) this.#stoppedAt = now + STOPPING
    else if (now >= this.#stoppedAt) supervisor.stopped()
    if (supervisor.mode !== mode) this.tellMode()
  }

  #hear(topic: string, payload: Uint8Array): void {
    const [, speaker, leaf] = topic.split('/')
    if (leaf === 'telemetry') {
      const value = readObject(payload)?.['value']
      if (typeof value === 'number') this.#readings[speaker] = value
    } else if (leaf === 'set') {
      const command = readCommand(payload)
      if (command?.target && command.value !== undefined) this.supervisor.aim(command.target, command.value)
      if (command?.order === 'start') this.supervisor.start()
      else if (command?.order === 'stop') this.supervisor.stop()
      if (command?.order) this.tellMode()
    }
  }

  #send(commands: Commands, now: number): void {
    const { line } = this
    for (const [actuator, exact] of Object.entries(commands)) {
      const value = Number(exact.toFixed(3))
      const last = this.#sent[actuator]
      if (last && Math.abs(last.value - value) < SIGNIFICANT && now - last.at < REPEAT) continue
      this.#sent[actuator] = { value, at: now }
      say(line, `${this.#site}/${actuator}/set`, { ts: Math.round(line.wall()), source: line.name, value }, 1)
    }
  }
}
