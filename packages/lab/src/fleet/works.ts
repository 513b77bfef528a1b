import { Plant, STEP } from '../plant/plant.ts'
import type { SetpointName } from '../plant/setpoints.ts'
import type { Mode } from '../plant/supervisor.ts'
import { Random } from '../random.ts'
import { Actuator } from './actuator.ts'
import { Controller } from './controller.ts'
import { CONTROLLER, EDGE, instruments, OPERATOR, SPARE } from './devices.ts'
import { Edge } from './edge.ts'
import { EdgeNode } from './edge-node.ts'
import { greet, type Line, type Outgoing, type Subscription, say } from './line.ts'
import { actuate, reading } from './readings.ts'
import { Reporter } from './reporter.ts'
import { Tally } from './tally.ts'

/** Milliseconds between two turns of the plant and its devices. */
export const TURN = 20
/** Milliseconds between two decisions of the controller, at a speed of 1. */
const CONTROL = 500
/** A sleeping machine must not make the plant leap, s. */
const MAX_LAG = 1

/** Opens a device's line. @param version of MQTT that it would speak; @param will its last will, where it is no ordinary one. */
export type OpenLine<T extends Line> = (device: string, version: 4 | 5, will?: (wall: number) => Outgoing) => T

/** The plant with everybody in it, whatever their lines are. Time comes from outside, by `turn`. */
export class Works<T extends Line = Line> {
  readonly plant = new Plant()
  readonly tally = new Tally()
  readonly lines = new Map<string, T>()
  readonly reporters = new Map<string, Reporter>()
  readonly actuators = new Map<string, Actuator>()
  readonly controller: Controller
  readonly edge: Edge
  readonly #operator: T
  readonly #speed: number
  #last = 0
  #owed = 0
  #controlAt = 0

  constructor(seed: number, site: string, speed: number, open: OpenLine<T>) {
    const random = new Random(seed)
    this.#speed = speed
    const line = (device: string, version: 4 | 5, will?: (wall: number) => Outgoing): T => {
      const opened = open(device, version, will)
      if (!will) greet(opened)
      this.lines.set(device, opened)
      return opened
    }
    for (const instrument of instruments) {
      const { device } = instrument
      const own = line(device, random.next() < 0.5 ? 4 : 5)
      this.reporters.set(device, new Reporter(own, instrument, site, random, this.tally, speed))
      if (instrument.role === 'actuator')
        this.actuators.set(device, new Actuator(own, value => actuate(this.plant, device, value)))
    }
    this.controller = new Controller(line(CONTROLLER, 5), site)
    this.#operator = line(OPERATOR, 5)
    line(SPARE, 5)
    const node = new EdgeNode(site, EDGE)
    const truth = () => ['level-3', 'flow-4', 'temperature-2'].map(device => reading(this.plant, device))
    this.edge = new Edge(
      line(EDGE, 5, wall => node.death(wall)),
      node,
      truth,
      random,
      this.tally,
      speed,
    )
  }

  /** What a device must subscribe to. */
  subscriptions(device: string): readonly Subscription[] {
    if (device === CONTROLLER) return this.controller.subscriptions
    if (device !== OPERATOR) return this.actuators.get(device)?.subscriptions ?? []
    const leaves = ['telemetry', 'state', 'alarm', 'status']
    return leaves.map(leaf => ({ filter: this.#operator.topic(leaf).replace(OPERATOR, '+'), qos: 0 }))
  }

  /** Begins at this monotonic millisecond. */
  begin(now: number): void {
    this.#last = now
    this.#controlAt = now
    for (const reporter of this.reporters.values()) reporter.begin(now)
    this.edge.begin(now)
    this.controller.tellMode()
  }

  turn(now: number): void {
    this.#owed = Math.min(this.#owed + ((now - this.#last) / 1000) * this.#speed, MAX_LAG * this.#speed)
    this.#last = now
    for (; this.#owed >= STEP; this.#owed -= STEP) this.plant.step()
    for (const [device, reporter] of this.reporters) reporter.turn(now, () => reading(this.plant, device))
    this.edge.turn(now)
    if (now < this.#controlAt) return
    this.#controlAt = now + CONTROL / this.#speed
    if (this.controller.line.connected) this.controller.control(now)
  }

  /** The operator tells the controller to start or to stop the plant. */
  order(order: 'start' | 'stop'): void {
    this.#tell({ order })
  }

  /** The operator tells the controller to hold another value. */
  aim(target: SetpointName, value: number): void {
    this.#tell({ target, value })
  }

  /** A device has lost its power: its counts begin anew. */
  restart(device: string): void {
    this.reporters.get(device)?.gauge.restart()
  }

  get mode(): Mode {
    return this.controller.supervisor.mode
  }

  #tell(what: object): void {
    const operator = this.#operator
    const topic = operator.topic('set').replace(OPERATOR, CONTROLLER)
    say(operator, topic, { ts: Math.round(operator.wall()), source: OPERATOR, ...what }, 1)
  }
}
