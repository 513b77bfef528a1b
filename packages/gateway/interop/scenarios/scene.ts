import type { Ability, Connection, ConnectOptions, Filter, Kit, Target, Version, Will } from '../peers/kit.ts'

/** What a scenario saw: plain data, the same whichever way the client took. */
export type Observation = Readonly<Record<string, unknown>>

/** Something that clients do with their broker, and what they see of it. */
export interface Scenario {
  readonly name: string
  readonly needs?: readonly Ability[]
  readonly versions?: readonly Version[]
  run(scene: Scene): Promise<Observation>
  /** What a client with these abilities sees at the broker itself. */
  expected(version: Version, abilities: ReadonlySet<Ability>): Observation
}

type Options = Omit<ConnectOptions, 'device' | 'version'>

/** One run of a scenario: its clients have devices and topics of their own, so that runs do not meet. */
export class Scene {
  readonly version: Version
  readonly #kit: Kit
  readonly #target: Target
  readonly #id: string
  readonly #open = new Set<Connection>()

  constructor(kit: Kit, target: Target, version: Version, id: string) {
    this.#kit = kit
    this.#target = target
    this.version = version
    this.#id = id
  }

  /** Connects a device. Names of topics in the options are the scenario's own: the scene makes them unique. */
  async connect(role: string, options: Options = {}): Promise<Connection> {
    const { filters, will } = options
    const connection = await this.#kit.connect(this.#target, {
      ...options,
      ...(filters === undefined ? {} : { filters: this.filters(filters) }),
      ...(will === undefined ? {} : { will: { ...will, topic: this.topic(will.topic) } satisfies Will }),
      device: `${this.#id}-${role}`,
      version: this.version,
    })
    this.#open.add(connection)
    return connection
  }

  get leastKeepAlive(): number {
    return this.#kit.leastKeepAlive
  }

  /** Where messages of this run are published: `t/<run>/<name>`. */
  topic(name: string): string {
    return `t/${this.#id}/${name}`
  }

  /** The filters of this run; one that starts with a slash stands outside of what the devices may use. */
  filters(filters: readonly Filter[]): Filter[] {
    return filters.map(({ topic, qos }) => ({ topic: this.#filter(topic), qos }))
  }

  /** What a client received, with the topics as the scenario names them. */
  seen(connection: Connection): Observation[] {
    const root = this.topic('')
    return connection.received.map(({ topic, payload, qos, retain, properties }) => ({
      topic: topic.startsWith(root) ? topic.slice(root.length) : topic,
      payload,
      qos,
      retain,
      ...properties,
    }))
  }

  /** Ends whatever the scenario left open. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#open].map(connection => connection.kill()))
  }

  #filter(topic: string): string {
    if (topic.startsWith('/')) return topic.slice(1)
    const shared = /^(\$share\/[^/]+\/)(.*)$/.exec(topic)
    return shared === null ? this.topic(topic) : `${shared[1]}${this.topic(shared[2])}`
  }
}

/** A message as most scenarios see it. */
export function message(topic: string, payload: string, qos: number, more: Observation = {}): Observation {
  return { topic, payload, qos, retain: false, ...more }
}
